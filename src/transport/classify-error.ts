import { errors } from 'undici'
import { codeOf, ConnectError } from './connect-error.ts'
import { ProxyError } from './proxy-error.ts'
import type { Reach, TransportFailureReason } from './transport.ts'

/** A failure as the transport reports it. */
export interface Failure {
  readonly kind: 'failed'
  readonly reason: TransportFailureReason
  readonly message: string
  readonly reach: Reach
}

/** It is not HTTP, or breaks its rules. */
export const notHttp = failure('protocol', 'what came back is not an HTTP answer', 'unknown')
/** It is HTTP, and answers another question: `100 Continue` and `101 Switching Protocols`, for which nobody asked. */
export const notAnswering = failure('protocol', 'what came back is not an answer to this request', 'unknown')
export const headTooLong = failure('protocol', 'the headers of the answer are too long', 'unknown')

/**
 * What an error of undici or Node means for a request. Every message is one of ours or a fixed text around a code:
 * what the other side sent, and addresses, never get into it, or a failed delivery would tell a stranger what else
 * listens in our network.
 *
 * @param written whether the request had been handed to a connected socket; before that nothing can have arrived
 */
export function classifyError(error: unknown, written: boolean): Failure {
  if (error instanceof ConnectError) return classifyConnectError(error)
  if (error instanceof ProxyError) return failure('connect', error.message, 'notSent')
  const reach: Reach = written ? 'unknown' : 'notSent'
  const code = codeOf(error) ?? ''

  if (code === 'ERR_INVALID_URL') return failure('invalid_request', 'the origin is not a URL', 'notSent')
  if (error instanceof errors.InvalidArgumentError || error instanceof errors.NotSupportedError) {
    // undici's texts name a header at most, and never give its value.
    return failure('invalid_request', `the request cannot be put on the wire: ${error.message}`, 'notSent')
  }
  if (error instanceof errors.RequestContentLengthMismatchError) {
    return failure('invalid_request', 'the request cannot be put on the wire: wrong content-length header', 'notSent')
  }
  if (error instanceof errors.HeadersOverflowError) return { ...headTooLong, reach }
  if (error instanceof errors.HTTPParserError || error instanceof errors.ResponseContentLengthMismatchError) {
    return { ...notHttp, reach }
  }
  if (error instanceof errors.SocketError && /^bad (?:response|upgrade)$/.test(error.message)) {
    return { ...notAnswering, reach }
  }
  if (isTlsCode(code)) return failure('tls', `TLS failed: ${code}`, reach)
  return failure('reset', 'the connection ended before an answer', reach)
}

function classifyConnectError({ stage, systemCode }: ConnectError): Failure {
  switch (stage) {
    case 'egress':
      return failure('egress_blocked', 'the egress policy forbids this address', 'notSent')
    case 'dns':
      return failure('dns', 'no address for the host name', 'notSent')
    case 'tcp':
      return failure('connect', connectMessages.get(systemCode ?? '') ?? 'no connection', 'notSent')
    case 'tls':
      return failure('tls', tlsMessage(systemCode), 'notSent')
  }
}

const connectMessages: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset while connecting'],
  ['EHOSTUNREACH', 'host unreachable'],
  ['ENETUNREACH', 'network unreachable'],
  ['ETIMEDOUT', 'no connection in time'],
  ['EMFILE', 'no connection: this process has too many open files'],
  ['ENFILE', 'no connection: this machine has too many open files'],
])

function tlsMessage(code: string | null): string {
  if (code === null || code === 'ECONNRESET' || code === 'EPIPE') return 'the TLS handshake did not finish'
  if (code === 'EPROTO' || isTlsCode(code)) {
    return code === 'ERR_TLS_CERT_ALTNAME_INVALID'
      ? `certificate refused: ${code}`
      : `the TLS handshake failed: ${code}`
  }
  // OpenSSL's verification results come as bare codes: DEPTH_ZERO_SELF_SIGNED_CERT, CERT_HAS_EXPIRED.
  return /^[A-Z0-9_]{1,64}$/.test(code) ? `certificate refused: ${code}` : 'the TLS handshake failed'
}

function isTlsCode(code: string): boolean {
  return code === 'EPROTO' || /^ERR_(?:SSL|TLS)_[A-Z0-9_]{1,64}$/.test(code)
}

function failure(reason: TransportFailureReason, message: string, reach: Reach): Failure {
  return { kind: 'failed', reason, message, reach }
}
