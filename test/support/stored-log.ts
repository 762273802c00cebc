// The reference of a home that finds events by itself: everything it tells is worked out anew, record by record, from what is
// committed. It commits when it is told to, or by itself a turn of the event loop later, and it can fail and be cut off.
import { DivergenceError, StorageError } from '../../src/errors/errors.ts'
import type { SubmittedTransition } from '../../src/event/event-record.ts'
import type { LogCondition, LogHome } from '../../src/log/log-home.ts'
import { Publisher } from '../../src/log/publisher.ts'
import type {
  DamagedEvent,
  ScannedEvent,
  StoredEvent,
  StoredEvents,
  SettledStatus,
} from '../../src/log/stored-events.ts'
import { checkEndpointFilter, checkFilter } from '../../src/log/transition-filter.ts'
import { isEndpointTransition } from '../../src/log/transition.ts'
import type { EndpointTransition, LogRecord, Transition } from '../../src/log/transition.ts'
import { FoldedLog } from '../../src/replay/folded-log.ts'
import type { FoldedEvent } from '../../src/replay/folded-log.ts'
import { isSettled } from '../../src/statechart/resting-delivery.ts'

/** What outlives a process: the committed records, and what was counted of those that are gone. */
export interface Disk {
  records: LogRecord[]
  lastSeq: number
  lastEvictedSeq: number
  submitted: number
  attempts: number
  /** By endpoint and line: the last place given. */
  readonly places: Map<string, number>
  /** Events whose records are damaged. */
  readonly damaged: Set<string>
  /** Of them, those that were taken out of their line. */
  readonly leftOut: Set<string>
}

export interface StoredLog extends LogHome {
  readonly disk: Disk
  readonly storedEvents: StoredEvents
  readonly condition: LogCondition
  /** How many records are appended and not committed. */
  readonly uncommitted: number
  /** Makes durable what was appended. */
  commit(): void
  /** Nothing can be written until `mend`; `stop`: for good. */
  fail(): void
  mend(): void
  stop(): void
  /** The process has died: what was not committed is lost, and nothing it does has any effect. */
  die(): void
  readonly dead: boolean
  /** How often it was asked for what waits. */
  readonly reads: number
  /** Throws in `storedEvents` while set. */
  unreadable: boolean
}

export class LogDiedError extends Error {
  override readonly name = 'LogDiedError'
}

export function emptyDisk(): Disk {
  return {
    records: [],
    lastSeq: 0,
    lastEvictedSeq: 0,
    submitted: 0,
    attempts: 0,
    places: new Map(),
    damaged: new Set(),
    leftOut: new Set(),
  }
}

type Act = (error: Error | null) => void

/** @param schedule when to commit by itself; never, when it is left out */
export function createStoredLog(
  disk = emptyDisk(),
  schedule: (commit: () => void) => void = () => undefined,
): StoredLog {
  const publisher = new Publisher<Transition>()
  const endpointPublisher = new Publisher<EndpointTransition>()
  let lastSeq = disk.lastSeq
  let group: LogRecord[] = []
  const evictions: (() => void)[] = []
  let acts: Act[] = []
  const flushes: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  let condition: LogCondition = 'writable'
  let dead = false
  let scheduled = false
  let folded: FoldedLog | null = null
  let reads = 0
  let unreadable = false

  const living = (): void => {
    if (dead) throw new LogDiedError('the process has died')
  }
  const storageError = (): StorageError => new StorageError('the disk is full', 'full', condition !== 'stopped')
  const scheduleCommit = (): void => {
    if (scheduled || dead) return
    scheduled = true
    schedule(() => {
      scheduled = false
      if (!dead) commit()
    })
  }
  const append = <T extends Transition | EndpointTransition>(drafts: readonly Omit<T, 'seq'>[]): T[] => {
    living()
    const isSubmission = drafts.some(({ from }) => from === null)
    if (condition === 'stopped' || (condition === 'held' && isSubmission)) throw storageError()
    const records = drafts.map((draft) => ({ seq: (lastSeq += 1), ...draft }) as T) // a draft is all but its number
    group.push(...records)
    scheduleCommit()
    return records
  }
  const fold = (): FoldedLog => {
    living()
    if (unreadable) throw storageError()
    if (folded === null) {
      folded = new FoldedLog()
      for (const record of disk.records) folded.fold(record)
    }
    return folded
  }
  const storeRecord = (record: LogRecord): void => {
    disk.records.push(record)
    folded?.fold(record)
    if (isEndpointTransition(record)) return
    const { event, endpointId, to } = record
    if (to === 'delivering') disk.attempts += 1
    if (event.type !== 'event.submitted') return
    disk.submitted += 1
    disk.places.set(`${endpointId} ${event.ordering === 'key' ? (event.orderingKey ?? '') : ''}`, event.sequence)
  }
  function commit(): void {
    living()
    if (condition === 'stopped') return
    if (condition === 'held') {
      for (const { reject } of flushes.splice(0)) reject(storageError())
      return
    }
    const committed = group
    const toRun = acts
    group = []
    acts = []
    for (const record of committed) storeRecord(record)
    disk.lastSeq = lastSeq
    for (const evict of evictions.splice(0)) evict()
    for (const record of committed) {
      if (isEndpointTransition(record)) endpointPublisher.publish(record)
      else publisher.publish(record)
    }
    const resolved = flushes.splice(0)
    // Once subscribers have heard of the records.
    queueMicrotask(() => {
      for (const act of toRun) act(null)
      for (const { resolve } of resolved) resolve()
    })
  }
  const remove = (isGone: (record: LogRecord) => boolean): void => {
    const gone = disk.records.filter((record) => isGone(record) && !isEndpointTransition(record))
    disk.lastEvictedSeq = Math.max(disk.lastEvictedSeq, ...gone.map(({ seq }) => seq))
    disk.records = disk.records.filter((record) => !isGone(record))
    folded = null
  }
  const asStored = (event: FoldedEvent): StoredEvent => {
    const { eventId, state, joinedSeq, lastAt } = event
    if (disk.damaged.has(eventId)) throw new DivergenceError(`event ${eventId} is damaged`, event.lastSeq)
    const submitted = disk.records.find((record) => record.eventId === eventId) as SubmittedTransition // its first record
    return { submitted, state, joinedSeq, lastAt }
  }
  const open = (event: FoldedEvent): boolean => !isSettled(event.state.value) && !disk.leftOut.has(event.eventId)
  const inLine = ({ state, eventId }: FoldedEvent): boolean =>
    (!isSettled(state.value) || state.context.holdsLine) && !disk.leftOut.has(eventId)
  const eventsOf = (endpointId: string): FoldedEvent[] =>
    [...fold().events.values()].filter((event) => event.endpointId === endpointId)

  const storedEvents: StoredEvents = {
    has: (eventId) => fold().events.has(eventId),
    find(eventId) {
      const event = fold().events.get(eventId)
      return event === undefined ? null : asStored(event)
    },
    findByIdempotencyKey(endpointId, key) {
      fold()
      const found = disk.records.find(
        ({ endpointId: of, event }) =>
          of === endpointId && event.type === 'event.submitted' && event.idempotencyKey === key,
      )
      return found === undefined ? null : this.find(found.eventId)
    },
    backlogs() {
      const endpointIds = new Set([...fold().events.values()].filter(inLine).map(({ endpointId }) => endpointId))
      return Array.from(endpointIds, (endpointId) => {
        const events = eventsOf(endpointId).filter(open)
        const heldLines = eventsOf(endpointId).filter(({ state }) => state.context.holdsLine).length
        const bytes = events.reduce((sum, event) => sum + bodyBytes(disk, event.eventId), 0)
        return { endpointId, events: events.length, bytes, heldLines }
      })
    },
    waiting({ endpointId, laneKey, afterSeq, limit }) {
      reads += 1
      const found = eventsOf(endpointId)
        .filter((event) => inLine(event) && event.joinedSeq > afterSeq)
        .filter((event) => laneKey === undefined || event.laneKey === laneKey)
        .sort((one, other) => one.joinedSeq - other.joinedSeq)
        .slice(0, limit)
      const damaged: DamagedEvent[] = []
      const events: StoredEvent[] = []
      for (const event of found) {
        const { eventId, eventType, joinedSeq, state } = event
        if (!disk.damaged.has(eventId)) {
          events.push(asStored(event))
          continue
        }
        disk.leftOut.add(eventId)
        const error = new DivergenceError(`event ${eventId} is damaged`, joinedSeq)
        damaged.push({
          eventId,
          endpointId,
          eventType,
          joinedSeq,
          bytes: isSettled(state.value) ? 0 : bodyBytes(disk, eventId),
          error,
        })
      }
      return { events, damaged }
    },
    countAhead: (endpointId, laneKey, joinedSeq) =>
      eventsOf(endpointId).filter((event) => inLine(event) && event.laneKey === laneKey && event.joinedSeq < joinedSeq)
        .length,
    deadLetters: (endpointId) =>
      eventsOf(endpointId)
        .filter(({ state, eventId }) => state.value === 'deadLettered' && !disk.damaged.has(eventId))
        .sort((one, other) => one.lastSeq - other.lastSeq)
        .map(asStored),
    countDeadLetters: (endpointId) => eventsOf(endpointId).filter(({ state }) => state.value === 'deadLettered').length,
    unsettled: (limit) =>
      [...fold().events.values()]
        .filter(open)
        .slice(0, limit)
        .map(({ eventId, endpointId }) => ({ eventId, endpointId })),
    lastSequence(endpointId, laneKey) {
      fold()
      return disk.places.get(`${endpointId} ${laneKey}`) ?? 0
    },
    scan({ order, afterSeq, limit }) {
      const sign = order === 'newest' ? -1 : 1
      fold()
      const found = disk.records
        .filter(({ seq, event }) => event.type === 'event.submitted' && (seq - afterSeq) * sign > 0)
        .sort((one, other) => (one.seq - other.seq) * sign)
      const events = found.slice(0, limit).map((record) => scannedOf(record, disk, fold()))
      return { events, lastSeq: found.length > limit ? events.at(-1)!.seq : null }
    },
    totals() {
      const settled = { delivered: 0, failed: 0, deadLettered: 0 }
      for (const { state } of fold().events.values()) if (isSettled(state.value)) settled[state.value] += 1
      return { submitted: disk.submitted, attempts: disk.attempts, settled }
    },
    sweep({ settledEvents, deadLetters, settledBeforeMs, deadLettersBeforeMs }) {
      const bySettling = [...fold().events.values()]
        .filter(({ state }) => isSettled(state.value) && !state.context.holdsLine)
        .sort((one, other) => one.lastSeq - other.lastSeq)
      const dead = bySettling.filter(({ state }) => state.value === 'deadLettered')
      const others = bySettling.filter(({ state }) => state.value !== 'deadLettered')
      const surplus = [
        ...others.filter((event, index) => isSurplus(event, others.length - index, settledEvents, settledBeforeMs)),
        ...dead.filter((event, index) => isSurplus(event, dead.length - index, deadLetters, deadLettersBeforeMs)),
      ]
      const removed = { delivered: 0, failed: 0, deadLettered: 0 }
      // Small steps: two at a time.
      for (const { eventId, state } of surplus.slice(0, 2)) {
        removed[state.value as SettledStatus] += 1 // only settled ones are here
        remove((record) => record.eventId === eventId)
      }
      return { removed, more: surplus.length > 2 }
    },
  }

  return {
    durable: true,
    disk,
    storedEvents,
    get condition() {
      return condition
    },
    get dead() {
      return dead
    },
    get uncommitted() {
      return group.length
    },
    get reads() {
      return reads
    },
    get unreadable() {
      return unreadable
    },
    set unreadable(is) {
      unreadable = is
    },
    append: (draft) => append<Transition>([draft])[0]!,
    appendAll: (drafts) => append<Transition>(drafts),
    appendEndpoint: (draft) => append<EndpointTransition>([draft])[0]!,
    evict(eventId) {
      living()
      evictions.push(() => remove((record) => record.eventId === eventId))
    },
    evictEndpointRecord(seq) {
      living()
      evictions.push(() => remove((record) => record.seq === seq))
      scheduleCommit()
    },
    flush() {
      living()
      if (condition !== 'writable') return Promise.reject(storageError())
      if (group.length === 0) return Promise.resolve()
      return new Promise((resolve, reject) => flushes.push({ resolve, reject }))
    },
    afterCommit(act) {
      living()
      acts.push(act)
      scheduleCommit()
    },
    *entries(filter) {
      const { eventId, endpointId, fromSeq } = checkFilter(filter)
      for (const record of [...disk.records, ...group]) {
        if (isEndpointTransition(record) || record.seq < fromSeq) continue
        if ((eventId ?? record.eventId) === record.eventId && (endpointId ?? record.endpointId) === record.endpointId) {
          yield record
        }
      }
    },
    *endpointEntries(filter) {
      const { endpointId, fromSeq } = checkEndpointFilter(filter)
      for (const record of [...disk.records, ...group]) {
        if (!isEndpointTransition(record) || record.seq < fromSeq) continue
        if ((endpointId ?? record.endpointId) === record.endpointId) yield record
      }
    },
    get lastEvictedSeq() {
      return disk.lastEvictedSeq
    },
    subscribe: (listener) => publisher.subscribe(listener),
    subscribeToEndpoints: (listener) => endpointPublisher.subscribe(listener),
    onListenerError(report) {
      publisher.onListenerError(report)
      endpointPublisher.onListenerError(report)
    },
    commit,
    fail() {
      condition = 'held'
    },
    mend() {
      condition = 'writable'
      scheduleCommit()
    },
    stop() {
      condition = 'stopped'
      for (const act of acts.splice(0)) act(storageError())
      for (const { reject } of flushes.splice(0)) reject(storageError())
    },
    die() {
      dead = true
    },
    close() {
      if (condition === 'writable' && !dead) commit()
      dead = true
      return Promise.resolve()
    },
  }
}

/** No more than it must: the rest is told by the event's records. */
function scannedOf({ seq, eventId, endpointId }: LogRecord, disk: Disk, folded: FoldedLog): ScannedEvent {
  const { value } = folded.events.get(eventId)!.state
  const status = isSettled(value) ? value : null
  let settledAt = null
  for (const record of disk.records) {
    if (status === null || record.eventId !== eventId || isEndpointTransition(record)) continue
    if (isSettled(record.to) && record.from !== null && !isSettled(record.from)) settledAt = record.at
  }
  return { seq, eventId, endpointId, eventType: null, submittedAtMs: null, status, settledAt }
}

function isSurplus({ lastAt }: FoldedEvent, left: number, most: number, beforeMs: number): boolean {
  return left > most || Date.parse(lastAt) < beforeMs
}

function bodyBytes({ records }: Disk, eventId: string): number {
  const { event } = records.find((record) => record.eventId === eventId) as SubmittedTransition // its first record
  return Buffer.byteLength(event.body)
}
