// What waits for an endpoint in the log's home alone, and is to be settled because the endpoint is removed.
import { processEndedFailure } from '../attempt/failure.ts'
import type { Failure } from '../attempt/failure.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { Journal } from '../log/journal.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import type { LaneObserver } from './lane-host.ts'
import type { Windows } from './windows.ts'

export interface AbandonPorts {
  readonly clock: Clock
  readonly journal: Journal
  readonly observer: LaneObserver
}

const pageLength = 256

/**
 * Settles as failed what waits beyond the lines' windows, and releases the lines that a dead letter holds there. Throws what
 * the log throws; the call can be made again.
 */
export function abandonBacklog(endpointId: string, failure: Failure, ports: AbandonPorts, windows: Windows): void {
  const at = isoTime(ports.clock.now())
  let afterSeq = 0
  for (let last = false; !last;) {
    const page = windows.read({ endpointId, afterSeq, limit: pageLength })
    for (const { record } of page.events) {
      windows.adopt(record)
      try {
        abandon(record, failure, at, ports)
      } finally {
        windows.giveUp(record)
      }
    }
    afterSeq = page.lastSeq
    last = page.last
  }
  for (const record of windows.beyond(endpointId)) abandon(record, failure, at, ports)
}

function abandon(record: EventRecord, failure: Failure, at: string, { journal, observer }: AbandonPorts): void {
  const { value, context } = record.resting
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
