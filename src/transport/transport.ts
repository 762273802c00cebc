/** One HTTP request, ready to go: nothing in it is decided by the transport. */
export interface OutgoingRequest {
  /** Whose connections to use: endpoints never share one. */
  readonly endpointId: string
  /** Scheme, host and port, as the URL parser writes them: `https://merchant.example:8443`. */
  readonly origin: string
  /** Path with query: `/hooks?v=1`. */
  readonly path: string
  /** Names and values in turn, each name once. The transport adds only `host`, `connection` and `content-length`. */
  readonly headers: readonly string[]
  /** The exact text that was signed; it goes out as UTF-8. */
  readonly body: string
  /** How many requests may be open to this endpoint at once (1 unless its lines run in parallel). */
  readonly connections: number
}

/** Whether a request that failed may have reached the endpoint. */
export type Reach = 'notSent' | 'unknown' | 'answered'

/** Why no usable answer came. Stable: it is stored in the log and shown to users. */
export type TransportFailureReason =
  | 'dns' // the host name has no address
  | 'connect' // refused, unreachable, no connection in time, or none through the egress proxy
  | 'tls' // the handshake or the certificate failed
  | 'reset' // the connection ended before an answer
  | 'protocol' // what came back is not HTTP, or its headers are too long
  | 'timeout' // the deadline passed
  | 'aborted' // hookline itself gave up: shutdown, or the endpoint was removed
  | 'egress_blocked' // the egress policy forbids the address, or the egress proxy does; no connection was opened
  | 'invalid_request' // the request cannot be put on the wire

/** What became of a request: an answer (its status line came), or a failure. A value, never an exception. */
export type TransportResult =
  | {
      readonly kind: 'answered'
      readonly status: number
      /** The raw `Retry-After` header, if there was one. */
      readonly retryAfter: string | null
      /** The first bytes of the body as text, at most the transport's snippet budget; null when there was none. */
      readonly snippet: string | null
    }
  | {
      readonly kind: 'failed'
      readonly reason: TransportFailureReason
      /** One line, safe to show: it tells nothing of what else listens at the address. */
      readonly message: string
      readonly reach: Reach
    }

/** Who wants to know. Called exactly once per request, and never from inside `send` itself. */
export interface AnswerReceiver {
  answered(result: TransportResult): void
}

/** A request under way. */
export interface InFlightRequest {
  /**
   * Gives up: the connection is destroyed, and a receiver that had no result yet gets it before `abort` returns: a
   * failure with this reason or, when the status line is in, the answer.
   */
  abort(reason: 'timeout' | 'aborted'): void
}

/**
 * The port through which requests leave. One call is one HTTP request: no retry, no redirect, no queueing for longer
 * than a tick (once per endpoint, for some milliseconds, to see that its connection is quiet), no deadline of its own
 * (the engine aborts). It never throws.
 */
export interface Transport {
  send(request: OutgoingRequest, receiver: AnswerReceiver): InFlightRequest
  /** Closes the idle connections of one endpoint (it was removed, or its URL changed). */
  release(endpointId: string): void
  /** Closes everything; resolves when no socket is left. */
  close(): Promise<void>
}
