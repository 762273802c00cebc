import { processEndedFailure } from '../attempt/failure.ts'
import type { Failure } from '../attempt/failure.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { Journal } from '../log/journal.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import type { LaneObserver } from './lane-host.ts'

export interface AbandonPorts {
  readonly clock: Clock
  readonly journal: Journal
  readonly observer: LaneObserver
}

/**
 * Settles as failed an event of a removed endpoint that no lane holds; one that holds its line as a dead letter lets it go.
 * Throws what the log throws; the call can be made again.
 */
export function abandonEvent(record: EventRecord, failure: Failure, { clock, journal, observer }: AbandonPorts): void {
  const { value, context } = record.resting
  const at = isoTime(clock.now())
  if (value === 'delivering') {
    const event = { type: 'attempt.interrupted', attempt: context.attempts, at } as const
    journal.stepAtRest(record, { ...event, failure: processEndedFailure, durationMs: 0 })
    observer.attemptFailed(record, processEndedFailure)
  }
  if (context.holdsLine) {
    journal.stepAtRest(record, { type: 'line.released', at })
    observer.released(record)
  } else if (!isSettled(value)) {
    journal.stepAtRest(record, { type: 'event.abandoned', at, failure })
    observer.settled(record, false)
  }
}
