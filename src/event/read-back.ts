import type { StoredEvent } from '../log/stored-events.ts'
import { EventRecord } from './event-record.ts'

/** An event that memory did not hold, as its home tells of it. */
export function readBack({ submitted, state, joinedSeq }: StoredEvent): EventRecord {
  const record = new EventRecord(submitted, Buffer.byteLength(submitted.event.body), state.context)
  record.rest(state)
  record.joinedSeq = joinedSeq
  return record
}
