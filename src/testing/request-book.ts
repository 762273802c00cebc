import { InFlightGauge, type OpenRequest } from './in-flight-gauge.ts'
import type { RecordedRequest, ReceivedRequest, RespondedWith } from './received-request.ts'
import { RequestTally, type OrderViolation, type RequestCounts } from './request-tally.ts'

const mostViolationsKept = 1000

/** What a receiver remembers: the requests, if it is to keep them, and what is counted of each path and of all. */
export class RequestBook {
  readonly requests: ReceivedRequest[] = []
  readonly violations: OrderViolation[] = []
  readonly gauge = new InFlightGauge()
  received = 0
  signatureFailures = 0
  readonly #records: boolean
  readonly #tallies = new Map<string, RequestTally>()

  constructor(records: boolean) {
    this.#records = records
  }

  get paths(): string[] {
    return [...this.#tallies.keys()]
  }

  tally(path: string): RequestTally {
    let tally = this.#tallies.get(path)
    if (tally === undefined) {
      tally = new RequestTally(path)
      this.#tallies.set(path, tally)
    }
    return tally
  }

  /** Counts a request as open. Returns what has to be believed before it is served, or null: see InFlightGauge. */
  enter(path: string, request: OpenRequest): (() => void) | null {
    const { gauge } = this.tally(path)
    const onPath = gauge.enter(request)
    const overall = this.gauge.enter(request)
    if (onPath === null && overall === null) return null
    return () => {
      if (onPath !== null) gauge.believe(onPath)
      if (overall !== null) this.gauge.believe(overall)
    }
  }

  leave(path: string, request: OpenRequest): void {
    this.tally(path).gauge.leave(request)
    this.gauge.leave(request)
  }

  arrived(request: ReceivedRequest): void {
    this.received += 1
    if (request.signatureValid === false) this.signatureFailures += 1
    if (this.#records) this.requests.push(request)
    this.tally(request.path).arrived(request)
  }

  responded(request: RecordedRequest, respondedWith: RespondedWith): void {
    request.respondedWith = respondedWith
    const violation = this.tally(request.path).responded(request)
    if (violation !== null && this.violations.length < mostViolationsKept) this.violations.push(violation)
  }

  counts(path?: string): RequestCounts {
    if (path !== undefined) return (this.#tallies.get(path) ?? new RequestTally(path)).counts()
    const sum = new RequestTally('').counts()
    for (const tally of this.#tallies.values()) {
      const counts = tally.counts()
      sum.received += counts.received
      sum.accepted += counts.accepted
      sum.failed += counts.failed
      sum.hung += counts.hung
      sum.reset += counts.reset
      sum.gone += counts.gone
      sum.duplicates += counts.duplicates
      sum.signatureFailures += counts.signatureFailures
      sum.orderViolations += counts.orderViolations
    }
    sum.maxInFlight = this.gauge.peak
    return sum
  }
}
