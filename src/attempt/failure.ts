import type { Reach, TransportFailureReason } from '../transport/transport.ts'

/** Why an attempt, or the event as a whole, did not end in a delivery. Stable: it is stored in the log. */
export type FailureReason =
  | TransportFailureReason
  | 'status' // an answer that is not 2xx
  | 'redirect' // a 3xx answer; redirects are never followed
  | 'endpoint_removed' // the endpoint was removed while the event waited
  | 'internal' // a broken invariant of hookline's own; only this event is stopped

/** A failure as the log keeps it. */
export interface Failure {
  readonly reason: FailureReason
  /** One line, safe to show: `HTTP 503`, or the reason and what it means here: `connect: connection refused`. */
  readonly message: string
  /** The answer's status, where there was an answer. */
  readonly status?: number
  /** Whether the endpoint may have received the request. */
  readonly reach: Reach
}

/** A broken invariant: what was sent before it broke is not known. */
export const internalFailure: Failure = Object.freeze({
  reason: 'internal',
  message: "internal: an error of hookline's own stopped this event",
  reach: 'unknown',
})

/** A person removed the endpoint while the event waited. */
export const endpointRemovedFailure: Failure = Object.freeze({
  reason: 'endpoint_removed',
  message: 'endpoint_removed: the endpoint was removed',
  reach: 'notSent',
})

/** Nobody knows what the endpoint made of a request whose process ended. */
export const processEndedFailure: Failure = Object.freeze({
  reason: 'aborted',
  message: 'aborted: the process ended while the attempt was in flight',
  reach: 'unknown',
})
