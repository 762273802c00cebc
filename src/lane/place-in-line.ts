import { isSettled } from '../statechart/resting-delivery.ts'
import type { EventRecord } from '../event/event-record.ts'
import { readBack } from '../event/read-back.ts'
import type { EndpointLanes } from './endpoint-lanes.ts'
import type { Lane } from './lane.ts'
import { laneKeyOf } from './lane-key.ts'
import type { Windows } from './windows.ts'

/** Where an event stands. */
export interface PlaceInLine {
  /** What its line puts first: the dead letter that holds it, or its head; null when that is the event itself. */
  readonly first: EventRecord | null
  /** How many events are before it; null once it has settled, and while its endpoint is not registered. */
  readonly ahead: number | null
}

const nowhere: PlaceInLine = { first: null, ahead: null }

/**
 * @param lanes of its endpoint; undefined when that is not registered
 * @param windows null where memory holds all that waits
 */
export function placeInLine(record: EventRecord, lanes: EndpointLanes | undefined, windows: Windows | null): PlaceInLine {
  if (record.lane !== null) return { first: firstBefore(record, record.lane), ahead: countBefore(record) }
  if (windows === null || lanes === undefined || isSettled(record.resting.value)) return nowhere
  return placeBeyond(record, lanes, windows)
}

function firstBefore(record: EventRecord, { haltedBy, waiting }: Lane): EventRecord | null {
  const first = haltedBy ?? waiting.first
  return first === record ? null : first
}

function countBefore(record: EventRecord): number {
  let ahead = 0
  for (let before = record.previous; before !== null; before = before.previous) ahead += 1
  return ahead
}

/** Behind its line's window, or in a line that memory has not come to. */
function placeBeyond(record: EventRecord, lanes: EndpointLanes, windows: Windows): PlaceInLine {
  const { endpointId, joinedSeq } = record
  const laneKey = keyOf(record)
  const lane = lanes.find(laneKey)
  const seen = lane?.window?.unseen === false ? lane : null
  const afterSeq = seen?.window?.takenSeq ?? 0
  const { stored, committedSeq } = windows
  let ahead = stored.countAhead(endpointId, laneKey, joinedSeq) - stored.countAhead(endpointId, laneKey, afterSeq + 1)
  // What the home does not tell of yet.
  for (const other of windows.beyond(endpointId)) {
    const isBetween = other.joinedSeq > Math.max(committedSeq, afterSeq) && other.joinedSeq < joinedSeq
    if (isBetween && keyOf(other) === laneKey) ahead += 1
  }
  if (seen !== null) return { first: seen.haltedBy ?? seen.waiting.first, ahead: ahead + seen.waiting.size }
  const [head] = stored.waiting({ endpointId, laneKey, afterSeq: 0, limit: 1 }).events
  if (head === undefined || head.submitted.eventId === record.id) return { first: null, ahead }
  // A dead letter that holds the line is not among those that wait.
  return { first: readBack(head), ahead: head.state.context.holdsLine ? ahead - 1 : ahead }
}

function keyOf({ id, submitted }: EventRecord): string {
  const { ordering = 'fifo', orderingKey } = submitted.event
  return laneKeyOf(ordering, orderingKey, id)
}
