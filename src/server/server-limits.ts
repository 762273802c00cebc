/** What a server takes, and how long it waits. */
export interface ServerLimits {
  /** The longest body of a request. @default 16 MiB */
  readonly bodyBytes: number
  /** Connections at once, idle ones included; more are closed at once. @default 20_000 */
  readonly connections: number
  /** For the headers of a request, from its first byte (of the first request: from the connection) on. @default 10_000 */
  readonly headersTimeoutMs: number
  /** For a whole request, its body included. @default 30_000 */
  readonly requestTimeoutMs: number
  /** How long a connection may stay without a request. @default 15_000 */
  readonly keepAliveTimeoutMs: number
}

export const defaultLimits: ServerLimits = {
  bodyBytes: 16 * 1024 * 1024,
  connections: 20_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 15_000,
}
