import type { RestingDelivery } from '../../machines/sequencer.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { StoredEvents } from '../log/stored-events.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
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
export function placeInLine(
  record: EventRecord,
  lanes: EndpointLanes | undefined,
  windows: Windows | null,
): PlaceInLine {
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
  // What the home does not tell of yet, in order: one that was redelivered may be older than those before it.
  const uncommitted = notToldOf(
    Array.from(windows.beyond(endpointId))
      .filter((other) => keyOf(other) === laneKey && other.joinedSeq > Math.max(committedSeq, afterSeq))
      .sort((one, other) => one.joinedSeq - other.joinedSeq),
    stored,
  )
  const first =
    seen?.haltedBy ??
    seen?.waiting.first ??
    windows.read({ endpointId, laneKey, afterSeq, limit: 1 }).events[0]?.record ??
    uncommitted[0]
  const ahead =
    (seen?.waiting.size ?? 0) +
    stored.countAhead(endpointId, laneKey, joinedSeq) -
    stored.countAhead(endpointId, laneKey, afterSeq + 1) +
    uncommitted.filter((other) => other.joinedSeq < joinedSeq).length -
    (seen === null ? countLeft(record, laneKey, windows) : 0)
  if (first === undefined || first.id === record.id) return { first: null, ahead }
  // A dead letter that holds its line is not among those that wait.
  return { first, ahead: seen === null && first.resting.context.holdsLine ? ahead - 1 : ahead }
}

/**
 * Those of `records`, by `joinedSeq`, that the home does not tell of. To a subscriber it tells of what was just committed,
 * and the service hears of that next.
 */
function notToldOf(records: readonly EventRecord[], stored: StoredEvents): readonly EventRecord[] {
  let [first, end] = [0, records.length]
  while (first < end) {
    const middle = (first + end) >> 1
    const record = records[middle]
    if (record !== undefined && stored.find(record.id)?.joinedSeq === record.joinedSeq) first = middle + 1
    else end = middle
  }
  return records.slice(first)
}

/** Those that were before it, and have left the line without the home knowing it yet. */
function countLeft({ endpointId, joinedSeq }: EventRecord, laneKey: string, windows: Windows): number {
  let left = 0
  for (const other of windows.inMemory(endpointId)) {
    if (other.uncommitted === 0 || keyOf(other) !== laneKey) continue
    const stored = windows.stored.find(other.id)
    if (stored === null || stored.joinedSeq >= joinedSeq || !isInLine(stored.state)) continue
    if (other.joinedSeq !== stored.joinedSeq || !isInLine(other.resting)) left += 1
  }
  return left
}

function isInLine({ value, context }: RestingDelivery): boolean {
  return !isSettled(value) || context.holdsLine
}

function keyOf({ id, submitted }: EventRecord): string {
  const { ordering = 'fifo', orderingKey } = submitted.event
  return laneKeyOf(ordering, orderingKey, id)
}
