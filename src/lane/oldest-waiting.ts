// Which event has waited longest. The first of each line that memory holds is the oldest of that line; lines that memory has
// not come to are asked of the log's home, and only where they may hold an older one.
import type { Backlog, Capacity } from '../admission/capacity.ts'
import { MinHeap } from '../collections/min-heap.ts'
import type { EndpointRegistry } from '../endpoint/endpoint-registry.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { LogHome } from '../log/log-home.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import type { EndpointLanes } from './endpoint-lanes.ts'
import type { Windows } from './windows.ts'

/** So often at most one question asks the home, just after a start: the others are left out until the next. */
const mostAsked = 64
/** Dead letters that hold a line, and what memory knows better, stand among what the home tells of: so far at most it is read. */
const pageLength = 8
const mostPages = 8
/** Of backlogs that have ended: so many, beyond as many as there are backlogs, are thrown out together. */
const mostIdleSights = 1000
/** What is known of a backlog's oldest event when it is to be looked at anew. */
const unknownSeq = -1
/** The same while its endpoint is not registered. */
const nobodysSeq = -2

export interface OldestWaitingPorts {
  readonly log: LogHome
  readonly windows: Windows | null
  readonly capacity: Capacity
  readonly endpoints: EndpointRegistry
}

/** Where the oldest event of a backlog was. It is there still, or the oldest is a younger one now. */
interface Sight {
  readonly place: number
  readonly backlog: Backlog
}

/**
 * Knows which event has waited longest of all whose endpoint is registered. Whatever joins a line later is younger, so of each
 * backlog the place of its oldest event is a bound for good, and only those whose bound is lowest are looked at again.
 */
export class OldestWaiting {
  readonly #ports: OldestWaitingPorts
  readonly #sights = new MinHeap<Sight>()
  /** The one found last, and its place: the oldest until it leaves. */
  #known: { readonly record: EventRecord; readonly joinedSeq: number } | null = null
  /** To be looked at when it is asked for the next time. */
  #unsure: Backlog[] = []
  /** Read from the home for the question that is being answered. */
  readonly #fromHome = new Map<Backlog, EventRecord | null>()

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
    this.#fromHome.clear()
    this.#known = record === null ? null : { record, joinedSeq: record.joinedSeq }
    return record === null ? null : joinedAt(record, this.#ports.log)
  }

  /** An older one may have come to an endpoint (it came back, or a dead letter took its place in front again), or it was removed. */
  lookAgainAt(endpointId: string): void {
    this.#known = null
    const backlog = this.#ports.capacity.backlogOf(endpointId)
    // One that no one has looked at is looked at in any case.
    if (backlog !== null && backlog.oldestSeq !== null && backlog.oldestSeq !== unknownSeq) this.#putOff(backlog)
  }

  #find(): EventRecord | null {
    const unsure = this.#unsure
    this.#unsure = []
    for (const backlog of unsure) if (backlog.events > 0) this.#look(backlog)
    this.#lookAtNew()
    for (let first = this.#sights.first; first !== undefined; first = this.#sights.first) {
      const record = isCurrent(first) ? this.#look(first.backlog) : null
      if (record?.joinedSeq === first.place) return record
      // Else it is one that has just been found.
      if (this.#sights.first === first) this.#sights.shift()
    }
    return null
  }

  /** At those that began since: they stand behind all that were looked at. */
  #lookAtNew(): void {
    const { backlogs } = this.#ports.capacity
    for (let backlog = backlogs.last; backlog?.oldestSeq === null; backlog = backlog.previous) this.#look(backlog)
    if (this.#sights.size > 2 * backlogs.size + mostIdleSights) this.#sights.keep(isCurrent)
  }

  /** Its oldest event. Null when there is none, or none that can be told just now. */
  #look(backlog: Backlog): EventRecord | null {
    const { windows, endpoints } = this.#ports
    const lanes = endpoints.find(backlog.endpointId)
    if (lanes === undefined) {
      // Nobody asks for it until the endpoint comes back.
      backlog.oldestSeq = nobodysSeq
      return null
    }
    let oldest = firstOfLines(lanes)
    const afterSeq = windows === null ? Infinity : beyondAfterSeq(lanes)
    if (windows !== null && afterSeq < (oldest?.joinedSeq ?? Infinity)) {
      let beyond = this.#fromHome.get(backlog)
      if (beyond === undefined) {
        if (this.#fromHome.size === mostAsked) return this.#putOff(backlog)
        beyond = firstBeyond(backlog.endpointId, afterSeq, windows)
        this.#fromHome.set(backlog, beyond)
      }
      oldest = older(oldest, beyond)
    }
    if (oldest === null) return this.#putOff(backlog)
    if (backlog.oldestSeq !== oldest.joinedSeq) {
      backlog.oldestSeq = oldest.joinedSeq
      this.#sights.push({ place: oldest.joinedSeq, backlog })
    }
    return oldest
  }

  #putOff(backlog: Backlog): null {
    backlog.oldestSeq = unknownSeq
    this.#unsure.push(backlog)
    return null
  }
}

/** Not one whose backlog has ended, or that another has taken the place of. */
function isCurrent({ place, backlog }: Sight): boolean {
  return backlog.events > 0 && backlog.oldestSeq === place
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
