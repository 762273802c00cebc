// Which event has waited longest. The first of each line that memory holds is the oldest of that line; lines that memory has
// not come to are asked of the log's home, and only where they may hold an older one.
import type { Capacity } from '../admission/capacity.ts'
import type { EndpointRegistry } from '../endpoint/endpoint-registry.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { LogHome } from '../log/log-home.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import type { EndpointLanes } from './endpoint-lanes.ts'
import type { Windows } from './windows.ts'

/** So often at most one look at all endpoints asks the home, just after a start: the others are left out until it has come to them. */
const mostAsked = 64
/** Dead letters that hold a line, and what memory knows better, stand among what the home tells of. */
const pageLength = 8

export interface OldestWaitingPorts {
  readonly log: LogHome
  readonly windows: Windows | null
  readonly capacity: Capacity
  readonly endpoints: EndpointRegistry
}

/** Since when the event waits that has waited longest of all whose endpoint is registered; ISO 8601, null when none waits. */
export function oldestPendingAt({ log, windows, capacity, endpoints }: OldestWaitingPorts): string | null {
  let oldest: EventRecord | null = null
  let asked = 0
  for (const endpointId of capacity.endpointIds) {
    const lanes = endpoints.find(endpointId)
    if (lanes === undefined) continue
    const head = firstOfLines(lanes)
    const isBeyond = windows !== null && asked < mostAsked && mayBeOlder(lanes, head)
    if (isBeyond) asked += 1
    oldest = older(oldest, isBeyond ? older(head, firstBeyond(lanes, windows)) : head)
  }
  return oldest === null ? null : joinedAt(oldest, log)
}

/** The same of one endpoint's events. */
export function oldestPendingAtOf(
  lanes: EndpointLanes,
  { log, windows }: Pick<OldestWaitingPorts, 'log' | 'windows'>,
): string | null {
  const head = firstOfLines(lanes)
  const oldest = windows !== null && mayBeOlder(lanes, head) ? older(head, firstBeyond(lanes, windows)) : head
  return oldest === null ? null : joinedAt(oldest, log)
}

function firstOfLines(lanes: EndpointLanes): EventRecord | null {
  let first: EventRecord | null = null
  for (const { waiting } of lanes) first = older(first, waiting.first)
  return first
}

/** Whether a line that memory has not come to may hold an older one than `head`. */
function mayBeOlder({ unseenLines }: EndpointLanes, head: EventRecord | null): boolean {
  return unseenLines !== null && unseenLines.beginAfterSeq < (head?.joinedSeq ?? Infinity)
}

function firstBeyond({ endpoint, unseenLines }: EndpointLanes, windows: Windows): EventRecord | null {
  const { id: endpointId } = endpoint
  const afterSeq = unseenLines?.beginAfterSeq ?? 0
  try {
    const { events } = windows.read({ endpointId, afterSeq, limit: pageLength })
    const found = events.find(({ record }) => !isSettled(record.resting.value))
    if (found !== undefined) return found.record
  } catch {
    // A home that cannot be read must not take the other figures along.
  }
  for (const record of windows.beyond(endpointId)) return record
  return null
}

function older(one: EventRecord | null, other: EventRecord | null): EventRecord | null {
  if (one === null || other === null) return one ?? other
  return other.joinedSeq < one.joinedSeq ? other : one
}

/** When it was put in its line: by its submission, or by a redelivery. */
function joinedAt({ id, joinedSeq, submitted }: EventRecord, log: LogHome): string {
  if (joinedSeq === submitted.seq) return submitted.at
  try {
    for (const { seq, at } of log.entries({ eventId: id, fromSeq: joinedSeq })) if (seq === joinedSeq) return at
  } catch {
    // It cannot be read just now.
  }
  return submitted.at
}
