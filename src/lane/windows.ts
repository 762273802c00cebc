// What waits, beyond memory: the home of the log keeps all of it, and each line holds its first events in memory. What comes
// in from the home comes in here, and nothing that memory already holds comes in twice.
import type { Clock } from '../clock/clock.ts'
import { Task } from '../clock/scheduler.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import type { Capacity } from '../admission/capacity.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { EventStore } from '../event/event-store.ts'
import { readBack } from '../event/read-back.ts'
import type { Readings } from '../event/readings.ts'
import { UncommittedEvents } from '../event/uncommitted-events.ts'
import type { LogHome } from '../log/log-home.ts'
import type { DamagedEvent, StoredEvent, StoredEvents, WaitingQuery } from '../log/stored-events.ts'
import type { EventNotice } from '../notices/notices.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import { OpeningLines } from './opening-lines.ts'
import type { StoredSequences } from './sequence-memory.ts'
import type { WindowSizes } from './window-sizes.ts'

/** How long before a home that could not be read is read again. */
const readAgainMs = 1000

/** An event that waits, read back. */
export interface ReadEvent {
  readonly record: EventRecord
  /** When its last record was written, ISO 8601. */
  readonly lastAt: string
}

export interface ReadPage {
  /** Without those that memory holds already. */
  readonly events: readonly ReadEvent[]
  /** Where the next page begins. */
  readonly lastSeq: number
  /** Whether the home tells of nothing more. */
  readonly last: boolean
}

/** Who takes in events from the home: a line, or an endpoint in search of lines. */
export interface TakesIn {
  /** What it waited for may be durable now, or the home can be read again. */
  takeIn(): void
}

export interface WindowPorts {
  readonly log: Pick<LogHome, 'condition'>
  readonly stored: StoredEvents
  readonly afterCommit: NonNullable<LogHome['afterCommit']>
  readonly store: EventStore
  readonly readings: Readings
  readonly capacity: Capacity
  readonly scheduler: Scheduler
  readonly clock: Clock
  /** An event that is damaged. It is left out. */
  readonly leftOut: (notice: EventNotice & { readonly error: unknown }) => void
  /** More has become durable, and lines may have gone on. */
  committed(): void
}

export class Windows extends Task implements StoredSequences {
  readonly uncommitted: UncommittedEvents
  readonly sizes: WindowSizes
  readonly #ports: WindowPorts
  readonly #opening: OpeningLines
  #waiting = 0
  #takers = new Set<TakesIn>()
  #closed = false

  constructor(ports: WindowPorts, sizes: WindowSizes) {
    super()
    this.#ports = ports
    this.sizes = sizes
    this.#opening = new OpeningLines(ports.scheduler, ports.clock)
    this.uncommitted = new UncommittedEvents(ports.afterCommit, ports.store, this.#committed)
  }

  get stored(): StoredEvents {
    return this.#ports.stored
  }

  get scheduler(): Scheduler {
    return this.#ports.scheduler
  }

  /** Whether all that was appended is durable. */
  get allDurable(): boolean {
    return this.uncommitted.none
  }

  lastSequence(endpointId: string, laneKey: string): number {
    return this.#ports.stored.lastSequence(endpointId, laneKey)
  }

  /** The last record that is known to be durable. */
  get committedSeq(): number {
    return this.uncommitted.committedSeq
  }

  /** Waiting events that memory holds, over all lines. */
  get size(): number {
    return this.#waiting
  }

  /** Whether someone waits for its turn to be opened, for a record to become durable, or for the home to be read again. */
  get busy(): boolean {
    return this.#takers.size > 0 || this.#opening.size > 0
  }

  get full(): boolean {
    return this.#waiting >= this.sizes.events
  }

  /** With how many waiting events a line takes one more that is submitted. */
  get longestLine(): number {
    const { events, roomShare } = this.sizes
    return Math.max(this.lineLength, Math.floor((events - this.#waiting) * roomShare))
  }

  /** How many waiting events a line fills up to from the home. */
  get lineLength(): number {
    return this.full ? this.sizes.fullLine : this.sizes.line
  }

  /** Whether nothing is to come in: the service ends, or no attempt of it could ever be recorded. */
  get closed(): boolean {
    return this.#closed || this.#ports.log.condition === 'stopped'
  }

  /** An event waits in memory, in its line. */
  entered(record: EventRecord): void {
    this.#waiting += 1
    this.adopt(record)
  }

  left(): void {
    this.#waiting -= 1
  }

  /** Memory holds `record` from now on, and counts it as what it is. */
  adopt(record: EventRecord): void {
    const { store, readings } = this.#ports
    if (store.inMemory(record.id) === record) return
    store.add(record)
    const { value } = record.resting
    if (!isSettled(value)) readings.foundAs(value)
  }

  /** Takes back an `adopt` that came to nothing. */
  giveUp(record: EventRecord): void {
    const { store, readings } = this.#ports
    if (!record.mayLeaveMemory || store.inMemory(record.id) !== record) return
    store.remove(record)
    const { value } = record.resting
    if (!isSettled(value)) readings.lostSightOf(value)
  }

  /** Reads what waits. Throws what the home throws. */
  read(query: WaitingQuery): ReadPage {
    const { events, damaged } = this.#ports.stored.waiting(query)
    for (const event of damaged) this.#leaveOut(event)
    return {
      events: events.flatMap((event) => this.#fresh(event) ?? []),
      lastSeq: Math.max(query.afterSeq, lastJoined(events), lastJoined(damaged)),
      last: events.length + damaged.length < query.limit,
    }
  }

  /** Dead letters that hold a line of the endpoint, and are not in memory. Throws what the home throws. */
  readHolding(endpointId: string): EventRecord[] {
    const { stored, store } = this.#ports
    return stored
      .deadLetters(endpointId)
      .filter(({ submitted, state }) => state.context.holdsLine && store.inMemory(submitted.eventId) === undefined)
      .map(readBack)
  }

  /** Events that wait beyond the lines' windows and are not durable yet, in the order in which memory came to hold them. */
  *beyond(endpointId: string): Iterable<EventRecord> {
    for (const record of this.inMemory(endpointId)) {
      if (isBeyond(record)) yield record
    }
  }

  *inMemory(endpointId: string): Iterable<EventRecord> {
    for (const record of this.#ports.store.allInMemory()) if (record.endpointId === endpointId) yield record
  }

  /** Calls `taker` when those before it were. */
  open(taker: TakesIn): void {
    this.#opening.add(taker)
  }

  /** Calls `taker` when more has become durable. */
  awaitCommit(taker: TakesIn): void {
    this.#takers.add(taker)
  }

  /** Calls `taker` a while later: the home could not be read. */
  awaitHome(taker: TakesIn): void {
    this.#takers.add(taker)
    if (!this.scheduled && !this.#closed) this.#ports.scheduler.schedule(this, readAgainMs)
  }

  due(): void {
    this.#takeIn()
  }

  /** Nothing comes in from now on. */
  close(): void {
    this.#closed = true
    this.#takers.clear()
    this.#opening.close()
    this.#ports.scheduler.cancel(this)
  }

  readonly #committed = (): void => {
    this.#takeIn()
  }

  #takeIn(): void {
    if (this.#takers.size > 0 && !this.#closed) {
      const takers = this.#takers
      this.#takers = new Set()
      for (const taker of takers) taker.takeIn()
    }
    this.#ports.committed()
  }

  /** Null for one that memory holds: in its line, or settled since, or put in line anew. */
  #fresh(event: StoredEvent): ReadEvent | null {
    const { joinedSeq, lastAt } = event
    const known = this.#ports.store.inMemory(event.submitted.eventId)
    if (known === undefined) return { record: readBack(event), lastAt }
    return isBeyond(known) && known.joinedSeq === joinedSeq ? { record: known, lastAt } : null
  }

  #leaveOut({ eventId, endpointId, eventType, bytes, error }: DamagedEvent): void {
    const { store, readings, capacity, leftOut } = this.#ports
    const known = store.inMemory(eventId)
    // A dead letter that held its line has no bytes, and is not among those that wait. One that memory holds in its line goes
    // on from there, and is given back when it settles.
    if (bytes > 0 && (known === undefined || isBeyond(known))) {
      readings.forget(known?.resting.value ?? 'pending')
      capacity.giveBack(endpointId, bytes)
    }
    leftOut({ eventId, endpointId, eventType, error })
  }
}

/** Whether it waits, and in no line that memory holds. */
function isBeyond({ lane, resting }: EventRecord): boolean {
  return lane === null && !isSettled(resting.value)
}

function lastJoined(events: readonly { readonly joinedSeq: number }[]): number {
  return events[events.length - 1]?.joinedSeq ?? 0
}
