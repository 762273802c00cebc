// Events page by page, from wherever they stand: in memory, in the log's home, or in both. Where both have an event, memory is
// right: the home tells of what is committed, and of nothing since.
import type { DeliveryStatus } from '../../machines/delivery.ts'
import { msOf } from '../clock/iso-time.ts'
import { matchesPattern } from '../endpoint/event-type-pattern.ts'
import { DivergenceError } from '../errors/errors.ts'
import type { ReadableLog } from '../log/merged-records.ts'
import type { ScannedEvent, StoredEvent, StoredEvents, WantedEvents } from '../log/stored-events.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import { summarize } from './event-page.ts'
import type { EventPage, EventSummary } from './event-page.ts'
import { cursorOf, readEventQuery } from './event-query.ts'
import type { EventConditions, ListingOrder } from './event-query.ts'
import { EventRecord } from './event-record.ts'
import type { EventStore } from './event-store.ts'
import { settledAtIn } from './settled-at.ts'
import type { UncommittedEvents } from './uncommitted-events.ts'
import { wantedEvents } from './wanted-events.ts'

/** What one call may do: deliveries wait meanwhile. */
const mostLookedAt = 10_000
const mostReadBack = 500
const mostBytesReadBack = 16 * 1024 * 1024
/** So many are taken at once from memory, or from the home. */
const chunkLength = 200

export interface ListingPorts {
  readonly store: EventStore
  readonly log: Pick<ReadableLog, 'entries'>
  /** Null where memory holds every event. */
  readonly beyond: Beyond | null
}

interface Beyond {
  readonly stored: StoredEvents
  readonly uncommitted: UncommittedEvents
}

/** Events that the home has looked at, and that do not fit. */
interface LeftOut {
  readonly count: number
  /** Of the last one looked at. */
  readonly seq: number
}

type Walked = EventRecord | ScannedEvent | LeftOut

/** `listEvents` over those ports. It throws what the home throws when that cannot be read. @throws InvalidOptionError */
export function eventListing(ports: ListingPorts): (query?: unknown) => EventPage {
  return (query) => {
    const conditions = readEventQuery(query)
    const page = new PageInMaking(conditions, ports)
    for (const event of walk(conditions, ports)) {
      if (page.ends) return page.goingOn()
      page.lookAt(event)
    }
    return { events: page.events, nextCursor: null }
  }
}

/** In the order asked for, from the cursor on: each event once. */
function walk(conditions: EventConditions, { store, beyond }: ListingPorts): Iterable<Walked> {
  const { order, afterSeq } = conditions
  if (beyond === null) return walkMemory(store, order, afterSeq)
  const wanted = wantedEvents(conditions)
  return order === 'newest' ? walkBack(beyond, afterSeq ?? Infinity, wanted) : walkOn(beyond, afterSeq ?? 0, wanted)
}

function* walkMemory(store: EventStore, order: ListingOrder, afterSeq: number | null): Iterable<EventRecord> {
  for (let reached = afterSeq; ;) {
    const records = store.bySubmission(order, reached, chunkLength)
    yield* records
    if (records.length < chunkLength) return
    reached = records[records.length - 1]?.submitted.seq ?? reached
  }
}

function* walkBack(beyond: Beyond, beforeSeq: number, wanted: WantedEvents): Iterable<Walked> {
  const { uncommitted } = beyond
  const durableSeq = durableEnd(uncommitted)
  const fresh = uncommitted.submittedAfter(durableSeq).filter(({ submitted }) => submitted.seq < beforeSeq)
  yield* fresh.reverse()
  yield* scan(beyond, 'newest', Math.min(beforeSeq, durableSeq + 1), wanted)
}

function* walkOn(beyond: Beyond, afterSeq: number, wanted: WantedEvents): Iterable<Walked> {
  const { uncommitted } = beyond
  const durableSeq = durableEnd(uncommitted)
  for (const event of scan(beyond, 'oldest', afterSeq, wanted)) {
    if (seqOf(event) > durableSeq) break
    yield event
  }
  yield* uncommitted.submittedAfter(Math.max(durableSeq, afterSeq))
}

/** What was submitted later is told by memory, also when the home has it already. */
function durableEnd(uncommitted: UncommittedEvents): number {
  return uncommitted.none ? Number.MAX_SAFE_INTEGER - 1 : uncommitted.committedSeq
}

function* scan(beyond: Beyond, order: ListingOrder, afterSeq: number, wanted: WantedEvents): Iterable<Walked> {
  const { stored, uncommitted } = beyond
  const sign = order === 'newest' ? -1 : 1
  const isAfter = (seq: number, other: number): boolean => (seq - other) * sign > 0
  // The home leaves events out by the state that it has committed; they may be in another one since. From the last to the first.
  const changed = (wanted.statuses === null ? [] : uncommitted.submittedUpTo(durableEnd(uncommitted)))
    .filter(({ submitted }) => isAfter(submitted.seq, afterSeq))
    .sort((one, other) => (other.submitted.seq - one.submitted.seq) * sign)
  for (let reached: number | null = afterSeq; reached !== null;) {
    const { events, lastSeq } = stored.scan({ order, afterSeq: reached, limit: chunkLength, wanted })
    for (const event of events) {
      yield* takeUpTo(changed, (seq) => isAfter(event.seq, seq))
      if (changed.at(-1)?.submitted.seq !== event.seq) yield event
    }
    yield* takeUpTo(changed, (seq) => lastSeq === null || !isAfter(seq, lastSeq))
    if (lastSeq !== null) yield { count: chunkLength - events.length, seq: lastSeq }
    reached = lastSeq
  }
}

/** Takes from the end of `records` those that are before an end. */
function* takeUpTo(records: EventRecord[], isBefore: (seq: number) => boolean): Iterable<EventRecord> {
  for (let record = records.at(-1); record !== undefined && isBefore(record.submitted.seq); record = records.at(-1)) {
    records.pop()
    yield record
  }
}

function seqOf(walked: Walked): number {
  return walked instanceof EventRecord ? walked.submitted.seq : walked.seq
}

class PageInMaking {
  readonly events: EventSummary[] = []
  readonly #conditions: EventConditions
  readonly #ports: ListingPorts
  #lookedAt = 0
  #readBack = 0
  #bytesReadBack = 0
  #lastSeq = 0

  constructor(conditions: EventConditions, ports: ListingPorts) {
    this.#conditions = conditions
    this.#ports = ports
  }

  /** Whether it is full, or has cost as much as one call may. */
  get ends(): boolean {
    return (
      this.events.length >= this.#conditions.limit ||
      this.#lookedAt >= mostLookedAt ||
      this.#readBack >= mostReadBack ||
      this.#bytesReadBack >= mostBytesReadBack
    )
  }

  goingOn(): EventPage {
    return { events: this.events, nextCursor: cursorOf(this.#conditions.order, this.#lastSeq) }
  }

  /** Takes the event in, if the conditions hold for it. */
  lookAt(event: Walked): void {
    this.#lookedAt += 'count' in event ? event.count : 1
    this.#lastSeq = seqOf(event)
    if ('count' in event) return
    if (this.#conditions.ofEndpoint?.(event.endpointId) === false) return
    if (event instanceof EventRecord) return this.#takeRecord(event)
    const known = this.#ports.store.inMemory(event.eventId)
    if (known === undefined) this.#takeStored(event)
    else this.#takeRecord(known)
  }

  #takeRecord(record: EventRecord): void {
    const { submitted, state } = record
    if (!this.#fits(submitted.event.eventType, msOf(submitted.at), state.value)) return
    const settledAt = isSettled(state.value) ? settledAtIn(this.#ports.log.entries({ eventId: record.id })) : null
    this.events.push(summarize(submitted, state, settledAt))
  }

  /** Its records are read only when what the home says without them does not rule it out. */
  #takeStored({ eventId, eventType, submittedAtMs, status, settledAt }: ScannedEvent): void {
    if (!this.#fits(eventType, submittedAtMs, status)) return
    const stored = this.#read(eventId)
    if (stored === null) return
    const { submitted, state } = stored
    if (!this.#fits(submitted.event.eventType, msOf(submitted.at), state.value)) return
    this.events.push(summarize(submitted, state, settledAt))
  }

  /** What is not known, null, fits. */
  #fits(eventType: string | null, submittedAtMs: number | null, status: DeliveryStatus | null): boolean {
    const { statuses, eventTypes, submittedFromMs, submittedUntilMs } = this.#conditions
    if (status !== null && statuses?.has(status) === false) return false
    if (submittedAtMs !== null && (submittedAtMs < submittedFromMs || submittedAtMs >= submittedUntilMs)) return false
    return eventType === null || eventTypes?.some((pattern) => matchesPattern(pattern, eventType)) !== false
  }

  /** Null for one that was removed, or whose records are damaged. */
  #read(eventId: string): StoredEvent | null {
    this.#readBack += 1
    try {
      const stored = this.#ports.beyond?.stored.find(eventId) ?? null
      this.#bytesReadBack += Buffer.byteLength(stored?.submitted.event.body ?? '')
      return stored
    } catch (error) {
      if (error instanceof DivergenceError) return null
      throw error
    }
  }
}
