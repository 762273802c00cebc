/**
 * Why the egress proxy gave no tunnel, where another attempt may get one. No byte of a request has been written. The
 * message is shown to tenants: a fixed text, with a status or a code of TLS at most, never what the proxy wrote.
 */
export class ProxyError extends Error {
  override readonly name = 'ProxyError'
}
