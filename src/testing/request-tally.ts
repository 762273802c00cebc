import { InFlightGauge } from './in-flight-gauge.ts'
import type { ReceivedRequest } from './received-request.ts'

/** What became of the requests that arrived whole. What is neither of the five outcomes is still being answered. */
export interface RequestCounts {
  received: number
  /** Answered 2xx. */
  accepted: number
  /** Answered with any other status. */
  failed: number
  hung: number
  reset: number
  /** The client closed the connection before the answer was due. */
  gone: number
  /** Of the accepted: those whose event had been accepted on this path before. */
  duplicates: number
  signatureFailures: number
  orderViolations: number
  /** The most requests that were open at once: arrived, not answered, not given up. */
  maxInFlight: number
}

/** An event that was first accepted after a later one of its path. */
export interface OrderViolation {
  readonly path: string
  readonly eventId: string
  readonly sequence: number
  /** The highest sequence accepted on the path before. */
  readonly after: number
}

/** Counts the requests of one path, and watches the order in which its events are first accepted. */
export class RequestTally {
  readonly gauge = new InFlightGauge()
  readonly #path: string
  readonly #acceptedEvents = new Set<string>()
  #highestSequence = 0
  readonly #counts = {
    received: 0,
    accepted: 0,
    failed: 0,
    hung: 0,
    reset: 0,
    gone: 0,
    duplicates: 0,
    signatureFailures: 0,
    orderViolations: 0,
  }

  constructor(path: string) {
    this.#path = path
  }

  arrived(request: ReceivedRequest): void {
    this.#counts.received += 1
    if (request.signatureValid === false) this.#counts.signatureFailures += 1
  }

  /** Counts what the request was responded with; returns the violation when it broke the order. */
  responded(request: ReceivedRequest): OrderViolation | null {
    const { respondedWith } = request
    if (respondedWith === 'hang') this.#counts.hung += 1
    else if (respondedWith === 'reset') this.#counts.reset += 1
    else if (respondedWith === 'gone') this.#counts.gone += 1
    else if (respondedWith !== null && respondedWith < 300) return this.#accepted(request)
    else this.#counts.failed += 1
    return null
  }

  counts(): RequestCounts {
    return { ...this.#counts, maxInFlight: this.gauge.peak }
  }

  #accepted({ eventId, sequence }: ReceivedRequest): OrderViolation | null {
    this.#counts.accepted += 1
    if (eventId === null) return null
    if (this.#acceptedEvents.has(eventId)) {
      this.#counts.duplicates += 1
      return null
    }
    this.#acceptedEvents.add(eventId)
    if (sequence === null) return null
    const after = this.#highestSequence
    if (sequence > after) {
      this.#highestSequence = sequence
      return null
    }
    this.#counts.orderViolations += 1
    return { path: this.#path, eventId, sequence, after }
  }
}
