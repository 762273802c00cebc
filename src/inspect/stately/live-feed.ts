// Follows a running service's log, and shows what it says. What happens here, late or wrong, happens to the feed alone.
import type { Clock } from '../../clock/clock.ts'
import type { TransitionLog } from '../../log/transition-log.ts'
import { isEndpointTransition } from '../../log/transition.ts'
import type { LogRecord } from '../../log/transition.ts'
import { isSettled } from '../../statechart/resting-delivery.ts'
import type { EventChoice } from './event-choice.ts'
import type { FeedCounts } from './feed-counts.ts'
import { RecordQueue } from './record-queue.ts'

export interface LiveFeedParts {
  readonly log: Pick<TransitionLog, 'subscribe' | 'subscribeToEndpoints'>
  readonly choice: EventChoice
  readonly counts: FeedCounts
  readonly clock: Clock
  /** Shows a record. Must not throw. */
  readonly show: (record: LogRecord) => void
}

export class LiveFeed {
  readonly #choice: EventChoice
  readonly #counts: FeedCounts
  readonly #queue: RecordQueue
  readonly #unsubscribe: readonly (() => void)[]

  constructor({ log, choice, counts, clock, show }: LiveFeedParts) {
    this.#choice = choice
    this.#counts = counts
    this.#queue = new RecordQueue(show, clock)
    this.#unsubscribe = [log.subscribe(this.#hear), log.subscribeToEndpoints(this.#hear)]
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#queue.close()
  }

  /** On the service's own time: as little as possible. */
  readonly #hear = (record: LogRecord): void => {
    this.#counts.seen += 1
    if (isEndpointTransition(record)) {
      if (!this.#queue.push(record)) this.#counts.dropped += 1
      return
    }
    const { eventId, event, to } = record
    const leftOut = this.#choice.ruledOut(eventId)
    if (leftOut !== null) {
      this.#counts[leftOut] += 1
      if (isSettled(to)) this.#choice.forget(eventId)
    } else if (event.type === 'event.submitted') {
      this.#counts.resting += 1
    } else if (!this.#queue.push(record)) {
      this.#counts.dropped += 1
      if (!isSettled(to)) this.#choice.leaveOut(eventId, 'dropped')
    }
  }
}
