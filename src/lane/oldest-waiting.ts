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
/** Dead letters that hold a line, and what memory knows better, stand among what the home tells of: so far at most it is read. */
const pageLength = 8
const mostPages = 8

export interface OldestWaitingPorts {
  readonly log: LogHome
  readonly windows: Windows | null
  readonly capacity: Capacity
  readonly endpoints: EndpointRegistry
}

/** Knows which event has waited longest of all whose endpoint is registered. */
export class OldestWaiting {
  readonly #ports: OldestWaitingPorts
  /** The one found last, and its place. Whatever joins a line later is younger, so it is the oldest until it leaves. */
  #known: { readonly record: EventRecord; readonly joinedSeq: number } | null = null

  constructor(ports: OldestWaitingPorts) {
    this.#ports = ports
  }

  /** Since when it waits; ISO 8601, null when none waits. */
  get at(): string | null {
    const known = this.#known
    if (known !== null && known.record.lane !== null && known.record.joinedSeq === known.joinedSeq) {
      return joinedAt(known.record, this.#ports.log)
    }
    const record = this.#find()
    return record === null ? null : joinedAt(record, this.#ports.log)
  }

  /** An older one may have come, with an endpoint that came back or a dead letter that took its place again; or its endpoint goes. */
  lookAgain(): void {
    this.#known = null
  }

  #find(): EventRecord | null {
    const { windows, capacity, endpoints } = this.#ports
    let oldest: EventRecord | null = null
    let asked = 0
    for (const endpointId of capacity.endpointIds) {
      const lanes = endpoints.find(endpointId)
      if (lanes === undefined) continue
      const head = firstOfLines(lanes)
      const afterSeq = windows === null || asked === mostAsked ? Infinity : beyondAfterSeq(lanes)
      const mayBeOlder = afterSeq < (head?.joinedSeq ?? Infinity)
      if (mayBeOlder) asked += 1
      oldest = older(oldest, head)
      if (mayBeOlder && windows !== null) oldest = older(oldest, firstBeyond(endpointId, afterSeq, windows))
    }
    this.#known = oldest === null || asked === mostAsked ? null : { record: oldest, joinedSeq: oldest.joinedSeq }
    return oldest
  }
}

/** The same of one endpoint's events. */
export function oldestPendingAtOf(
  lanes: EndpointLanes,
  { log, windows }: Pick<OldestWaitingPorts, 'log' | 'windows'>,
): string | null {
  let oldest = firstOfLines(lanes)
  const afterSeq = beyondAfterSeq(lanes)
  if (windows !== null && afterSeq < (oldest?.joinedSeq ?? Infinity)) {
    oldest = older(oldest, firstBeyond(lanes.endpoint.id, afterSeq, windows))
  }
  return oldest === null ? null : joinedAt(oldest, log)
}

function firstOfLines(lanes: EndpointLanes): EventRecord | null {
  let first: EventRecord | null = null
  for (const { waiting } of lanes) first = older(first, waiting.first)
  return first
}

/** Whatever waits in lines of which memory holds no event joined after this; Infinity when nothing does. */
function beyondAfterSeq(lanes: EndpointLanes): number {
  let afterSeq = lanes.unseenLines?.beginAfterSeq ?? Infinity
  for (const { waiting, window } of lanes) {
    if (waiting.size === 0 && window?.hasMore === true) afterSeq = Math.min(afterSeq, window.takenSeq)
  }
  return afterSeq
}

/** The first that joined after `afterSeq` and is in no line that memory holds. */
function firstBeyond(endpointId: string, afterSeq: number, windows: Windows): EventRecord | null {
  try {
    for (let [pages, from] = [0, afterSeq]; pages < mostPages; pages += 1) {
      const { events, lastSeq, last } = windows.read({ endpointId, afterSeq: from, limit: pageLength })
      const found = events.find(({ record }) => !isSettled(record.resting.value))
      if (found !== undefined) return found.record
      if (last) break
      from = lastSeq
    }
  } catch {
    // A home that cannot be read must not take the other figures along.
  }
  let first: EventRecord | null = null
  for (const record of windows.beyond(endpointId)) first = older(first, record)
  return first
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
