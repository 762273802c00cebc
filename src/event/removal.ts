// What a person takes out of the log before retention would: a settled event, whole.
import { EventNotSettledError } from '../errors/errors.ts'
import type { LogHome } from '../log/log-home.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import type { EventRecord } from './event-record.ts'
import type { EventStore } from './event-store.ts'
import type { Readings } from './readings.ts'
import type { SettledEvents } from './retention-keeper.ts'

export interface RemovalPorts {
  readonly log: LogHome
  readonly store: EventStore
  readonly retention: SettledEvents
  readonly readings: Readings
}

/** Throws what the log throws, and has removed nothing then. @throws EventNotSettledError */
export function removeEvent(record: EventRecord, { log, store, retention, readings }: RemovalPorts): void {
  const { value } = record.state
  if (record.lane !== null || !isSettled(value)) {
    throw new EventNotSettledError(`event ${record.id} is ${value}; only one that has settled can be removed`)
  }
  if (retention.holdsLine(record)) {
    const wayOut = 'redeliver it, or let the line go on with resumeEndpoint and remove it then'
    throw new EventNotSettledError(`event ${record.id} holds its line: ${wayOut}`)
  }
  log.evict(record.id)
  retention.forget(record)
  store.remove(record)
  readings.forget(value)
}
