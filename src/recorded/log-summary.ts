import type { DeliveryStatus } from '../../machines/delivery.ts'
import { isoTime } from '../clock/iso-time.ts'
import { deliveryStatuses, isInLine, statusCode } from './delivery-statuses.ts'
import type { LogIndex } from './log-index.ts'
import { countStatuses } from './status-counts.ts'

/** What a recorded log holds up to a moment, in numbers. Times are ISO 8601, null where there is no record. */
export interface LogSummary {
  readonly records: number
  readonly firstSeq: number
  readonly lastSeq: number
  readonly from: string | null
  readonly to: string | null
  readonly endpoints: number
  readonly events: number
  /** How many events are in each state. */
  readonly statuses: Readonly<Record<DeliveryStatus, number>>
  /** Requests started. */
  readonly attempts: number
  /** Those of them that were not an event's first. */
  readonly retries: number
  readonly redeliveries: number
  /** How often an event was given up, those that were redelivered later included. */
  readonly deadLetters: number
  readonly lag: LagSummary | null
  readonly order: OrderSummary
}

/** How long events took from their submission to their first success; events without one are not in it. */
export interface LagSummary {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly worstMs: number
  readonly worstEventId: string
}

/** Whether events of a line succeeded first in the order in which they were submitted. */
export interface OrderSummary {
  /** First successes. */
  readonly successes: number
  /** Those that came after a later event's because the event had been given up or refused, and was redelivered. */
  readonly afterRedelivery: number
  /** Those that came after a later event's for no reason that the log tells. */
  readonly outOfOrder: number
}

const delivered = statusCode('delivered')

export function summarizeLog(index: LogIndex, last: number): LogSummary {
  const { records } = index
  const counts = { attempts: 0, retries: 0, redeliveries: 0, deadLetters: 0, events: 0 }
  const successes = new FirstSuccesses(index)
  for (let place = 0; place <= last; place += 1) {
    switch (records.typeAt(place)) {
      case 'event.submitted':
        counts.events += 1
        break
      case 'attempt.started':
        counts.attempts += 1
        if (records.attemptsAt(place) > 1) counts.retries += 1
        break
      case 'redelivery.requested':
        counts.redeliveries += 1
        break
      case 'attempt.failed':
        if (!isInLine(records.toCode(place))) counts.deadLetters += 1
    }
    if (records.eventAt(place) !== -1) successes.follow(place)
  }
  return {
    records: last + 1,
    firstSeq: last < 0 ? 0 : records.seqAt(0),
    lastSeq: last < 0 ? 0 : records.seqAt(last),
    from: last < 0 ? null : isoTime(records.timeAt(0)),
    to: last < 0 ? null : isoTime(records.timeAt(last)),
    endpoints: index.endpointFirst.filter((first) => first <= last).length,
    ...counts,
    statuses: totalStatuses(index, last),
    lag: successes.lag(),
    order: successes.order,
  }
}

function totalStatuses(index: LogIndex, last: number): Record<DeliveryStatus, number> {
  const totals = { pending: 0, delivering: 0, backoff: 0, delivered: 0, failed: 0, deadLettered: 0 }
  for (const [at, count] of countStatuses(index, last).entries()) {
    const status = deliveryStatuses[at % deliveryStatuses.length]
    if (status !== undefined) totals[status] += count
  }
  return totals
}

/** Follows the records, and notes each event's first success: how long it took, and whether it was its turn. */
class FirstSuccesses {
  readonly #index: LogIndex
  readonly #lags: Float64Array
  readonly #hasSucceeded: Uint8Array
  readonly #wasSettled: Uint8Array
  /** Of each lane the event that succeeded and was submitted last, plus one; events are numbered in that order. */
  readonly #latest: Int32Array
  #successes = 0
  #afterRedelivery = 0
  #outOfOrder = 0
  #worstMs = -1
  #worst = -1

  constructor(index: LogIndex) {
    this.#index = index
    this.#lags = new Float64Array(index.events.length)
    this.#hasSucceeded = new Uint8Array(index.events.length)
    this.#wasSettled = new Uint8Array(index.events.length)
    this.#latest = new Int32Array(index.events.lanes)
  }

  get order(): OrderSummary {
    return { successes: this.#successes, afterRedelivery: this.#afterRedelivery, outOfOrder: this.#outOfOrder }
  }

  follow(place: number): void {
    const { records } = this.#index
    const event = records.eventAt(place)
    const to = records.toCode(place)
    if (to === delivered && this.#hasSucceeded[event] === 0) this.#succeed(event, place)
    if (!isInLine(to)) this.#wasSettled[event] = 1
  }

  lag(): LagSummary | null {
    if (this.#successes === 0) return null
    const lags = this.#lags.subarray(0, this.#successes).sort()
    const nearest = (share: number): number => lags[Math.ceil(share * lags.length) - 1] ?? 0
    const worstEventId = this.#index.events.idOf(this.#worst)
    return { p50Ms: nearest(0.5), p99Ms: nearest(0.99), worstMs: this.#worstMs, worstEventId }
  }

  #succeed(event: number, place: number): void {
    const { records, ofEvents, events } = this.#index
    this.#hasSucceeded[event] = 1
    // A clock that was set back makes no event arrive before its submission.
    const lagMs = Math.max(0, records.timeAt(place) - records.timeAt(ofEvents.of(event)[0] ?? place))
    this.#lags[this.#successes] = lagMs
    this.#successes += 1
    if (lagMs > this.#worstMs) {
      this.#worstMs = lagMs
      this.#worst = event
    }
    const lane = events.laneOf(event)
    if (lane === -1) return
    if ((this.#latest[lane] ?? 0) <= event) this.#latest[lane] = event + 1
    else if (this.#wasSettled[event] === 1) this.#afterRedelivery += 1
    else this.#outOfOrder += 1
  }
}
