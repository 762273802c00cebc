import type { StatusCounts } from './event/readings.ts'

/** The service at a glance. */
export interface ServiceStats {
  /** Events kept, by state. */
  readonly events: StatusCounts
  /** Bytes of the bodies of all events that are not settled. */
  readonly pendingBytes: number
  /** Events ever submitted. */
  readonly submitted: number
  /** Attempts ever started. */
  readonly attempts: number
  readonly endpoints: number
  /** Requests in flight. */
  readonly inFlight: number
  /** How many of them endpoints hold that answer slowly: at most a part of `concurrency`. */
  readonly slowInFlight: number
  /** Endpoints with something to send that wait for their turn. */
  readonly waitingEndpoints: number
  /** Lanes held as live actors. */
  readonly liveLanes: number
  /** Whether the log survives the process. */
  readonly durable: boolean
}
