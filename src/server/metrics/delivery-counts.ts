// What has happened since the server began to watch, counted record by record. It stands in the way of every delivery, so
// it adds to plain numbers, and what scrapers read is made of them when they ask.
import type { SettledStatus } from '../../../machines/delivery.ts'
import type { Transition } from '../../log/transition.ts'
import type { SettledNotice } from '../../notices/notices.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { attemptOutcomes, failedOutcome } from './attempt-outcome.ts'
import type { AttemptOutcome } from './attempt-outcome.ts'
import { BoundedCounts } from './bounded-counts.ts'
import type { DurationHistogram } from './duration-histogram.ts'

export interface DeliveryDurations {
  /** From submission to delivery, by the wall clock. */
  readonly delivery: DurationHistogram
  /** From the dispatch of a request to the end of its answer. */
  readonly attempt: DurationHistogram
}

export class DeliveryCounts {
  /** Events submitted, by type. */
  readonly events: BoundedCounts
  /** Events settled; one that is redelivered settles again. */
  readonly settled: Record<SettledStatus, number> = { delivered: 0, failed: 0, deadLettered: 0 }
  readonly attempts = noAttempts()
  redeliveries = 0
  readonly #durations: DeliveryDurations
  readonly #stops: readonly (() => void)[]

  /** @param eventTypes how many event types are told apart */
  constructor(service: WebhookService, durations: DeliveryDurations, eventTypes: number) {
    this.events = new BoundedCounts(eventTypes)
    this.#durations = durations
    this.#stops = [service.log.subscribe(this.#read), service.on('settled', this.#measure)]
  }

  stop(): void {
    for (const stop of this.#stops) stop()
  }

  readonly #read = (transition: Transition): void => {
    const { event, from, to } = transition
    switch (event.type) {
      case 'event.submitted':
        this.events.add(event.eventType)
        return
      case 'attempt.succeeded':
        this.attempts.succeeded += 1
        this.#durations.attempt.observe(event.durationMs / 1000)
        break
      case 'attempt.failed':
      case 'attempt.rejected':
      case 'attempt.interrupted':
        this.attempts[failedOutcome(event.failure)] += 1
        this.#durations.attempt.observe(event.durationMs / 1000)
        break
      case 'redelivery.requested':
        this.redeliveries += 1
        return
      case 'attempt.started':
      case 'line.released':
      case 'event.abandoned':
        break
    }
    if (from !== to && (to === 'delivered' || to === 'failed' || to === 'deadLettered')) this.settled[to] += 1
  }

  /** The submission is in the event's first record, which may be long gone from memory: the notice brings it along. */
  readonly #measure = ({ submittedAt, deliveredAt, status }: SettledNotice): void => {
    if (status !== 'delivered' || deliveredAt === null) return
    // The wall clock may have been set back in between.
    const elapsedMs = Math.max(0, Date.parse(deliveredAt) - Date.parse(submittedAt))
    this.#durations.delivery.observe(elapsedMs / 1000)
  }
}

function noAttempts(): Record<AttemptOutcome, number> {
  // One entry for each outcome there is, which the list is tested to be.
  return Object.fromEntries(attemptOutcomes.map((outcome) => [outcome, 0])) as Record<AttemptOutcome, number>
}
