import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { Transition } from '../log/transition.ts'
import type { Figures, Percentiles } from './figures.ts'

interface TalliedEvent {
  readonly endpoint: EndpointTally
  readonly submittedMs: number
  status: DeliveryStatus
  everDelivered: boolean
}

/** Counts what became of the events of a log, recorded or simulated, record by record. Both are measured by this alone. */
export class Tally {
  readonly #events = new Map<number, TalliedEvent>()
  readonly #endpoints = new Map<string, EndpointTally>()
  readonly #all = new EndpointTally()

  /** @param endpointId under which the endpoint's own figures are given */
  take(event: number, endpointId: string, { event: { type }, to }: Transition, atMs: number): void {
    const tallied = this.#events.get(event)
    if (tallied === undefined) {
      if (type === 'event.submitted') this.#submitted(event, endpointId, atMs)
      return
    }
    this.#all.lastMs = tallied.endpoint.lastMs = atMs
    if (type === 'attempt.started') {
      this.#all.attempts += 1
      tallied.endpoint.attempts += 1
    }
    this.#moved(tallied, to, atMs)
  }

  /** Of all endpoints together. */
  total(): Figures {
    return this.#all.figures()
  }

  /** By endpoint id, in the order in which they first got an event. */
  byEndpoint(): Map<string, Figures> {
    return new Map(Array.from(this.#endpoints, ([endpointId, tally]) => [endpointId, tally.figures()]))
  }

  #submitted(event: number, endpointId: string, atMs: number): void {
    let endpoint = this.#endpoints.get(endpointId)
    if (endpoint === undefined) this.#endpoints.set(endpointId, (endpoint = new EndpointTally()))
    this.#events.set(event, { endpoint, submittedMs: atMs, status: 'pending', everDelivered: false })
    for (const tally of [this.#all, endpoint]) {
      tally.firstMs = Math.min(tally.firstMs, atMs)
      tally.lastMs = atMs
      tally.enter('pending')
    }
  }

  #moved(event: TalliedEvent, to: DeliveryStatus, atMs: number): void {
    const { endpoint, status, submittedMs } = event
    if (status === to) return
    event.status = to
    const lagMs = to === 'delivered' && !event.everDelivered ? atMs - submittedMs : null
    if (lagMs !== null) event.everDelivered = true
    for (const tally of [this.#all, endpoint]) {
      tally.leave(status)
      tally.enter(to)
      if (lagMs !== null) tally.lagsMs.push(lagMs)
    }
  }
}

class EndpointTally {
  readonly #states: Record<DeliveryStatus, number> = {
    pending: 0,
    delivering: 0,
    backoff: 0,
    delivered: 0,
    failed: 0,
    deadLettered: 0,
  }
  readonly lagsMs: number[] = []
  attempts = 0
  firstMs = Infinity
  lastMs = 0
  #mostUnsettled = 0

  enter(status: DeliveryStatus): void {
    this.#states[status] += 1
    this.#mostUnsettled = Math.max(this.#mostUnsettled, this.#unsettled)
  }

  leave(status: DeliveryStatus): void {
    this.#states[status] -= 1
  }

  figures(): Figures {
    const { delivered, failed, deadLettered } = this.#states
    const unsettled = this.#unsettled
    const events = delivered + failed + deadLettered + unsettled
    return {
      events,
      delivered,
      failed,
      deadLettered,
      unsettled,
      attempts: this.attempts,
      attemptsPerEvent: events === 0 ? 0 : this.attempts / events,
      lagMs: percentiles(this.lagsMs),
      mostUnsettled: this.#mostUnsettled,
      makespanMs: events === 0 ? 0 : this.lastMs - this.firstMs,
    }
  }

  get #unsettled(): number {
    return this.#states.pending + this.#states.delivering + this.#states.backoff
  }
}

/** By nearest rank: the least value that so many in a hundred do not exceed. */
function percentiles(values: readonly number[]): Percentiles | null {
  const sorted = Float64Array.from(values).sort()
  const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0
  return sorted.length === 0 ? null : { p50: at(0.5), p99: at(0.99), worst: at(1) }
}
