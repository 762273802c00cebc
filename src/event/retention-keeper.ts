// What is kept of events that have settled: so many, for so long. It evicts whole events, oldest first, and never one
// that is not settled.
import type { Clock } from '../clock/clock.ts'
import { Task } from '../clock/scheduler.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import { LinkedList } from '../collections/linked-list.ts'
import type { LogHome } from '../log/log-home.ts'
import type { Retention } from '../service-limits.ts'
import { DeadLetterCounts } from './dead-letter-counts.ts'
import type { EventRecord } from './event-record.ts'
import type { EventStore } from './event-store.ts'
import type { Readings } from './readings.ts'

/** How long after the log could not evict it is asked again, where nothing else asks it. */
const evictAgainMs = 1000

/** What becomes of events that have settled. */
export interface SettledEvents {
  /** An endpoint's dead letters, oldest first. */
  deadLettersOf(endpointId: string): EventRecord[]
  /** How many there are. Throws what its home throws. */
  countDeadLettersOf(endpointId: string): number
  /** `record` has settled. */
  keep(record: EventRecord): void
  /** `record`, a dead letter that has settled, holds its line. */
  pin(record: EventRecord): void
  /** Whether `record` holds its line. */
  holdsLine(record: EventRecord): boolean
  /** `record` holds its line no more. */
  unpin(record: EventRecord): void
  /** `record`, which was kept, is put back in line. Returns whether it held one. */
  release(record: EventRecord): boolean
  /** `record`, which was kept and holds no line, is removed. */
  forget(record: EventRecord): void
}

export class RetentionKeeper extends Task implements SettledEvents {
  /** Nobody waits for an event to be forgotten. */
  override readonly keepsAlive = false
  /** Delivered and failed events, the one settled first first. */
  readonly #settled = new LinkedList<EventRecord>()
  readonly #deadLetters = new LinkedList<EventRecord>()
  /** Dead letters that hold a line. A person has yet to decide on them, so they are kept whatever the limits. */
  readonly #holding = new Set<EventRecord>()
  /** Of both. */
  readonly #counts = new DeadLetterCounts()
  readonly #retention: Retention
  readonly #store: EventStore
  readonly #log: LogHome
  readonly #readings: Readings
  readonly #clock: Clock
  readonly #scheduler: Scheduler

  constructor(
    retention: Retention,
    store: EventStore,
    log: LogHome,
    readings: Readings,
    clock: Clock,
    scheduler: Scheduler,
  ) {
    super()
    this.#retention = retention
    this.#store = store
    this.#log = log
    this.#readings = readings
    this.#clock = clock
    this.#scheduler = scheduler
  }

  /** An endpoint's dead letters, oldest first. */
  deadLettersOf(endpointId: string): EventRecord[] {
    return [...this.#deadLetters, ...this.#holding]
      .filter((record) => record.endpointId === endpointId)
      .sort((one, other) => one.settledAt - other.settledAt)
  }

  countDeadLettersOf(endpointId: string): number {
    return this.#counts.of(endpointId)
  }

  /** `record` has settled, so long ago. */
  keep(record: EventRecord, ageMs = 0): void {
    const isDeadLetter = record.resting.value === 'deadLettered'
    const list = isDeadLetter ? this.#deadLetters : this.#settled
    const limit = isDeadLetter ? this.#retention.deadLetters : this.#retention.settledEvents
    record.settledAt = this.#clock.monotonic() - ageMs
    list.push(record)
    if (isDeadLetter) this.#counts.change(record.endpointId, 1)
    while (list.size > limit && this.#evictFirst(list));
    // The two lists age at their own pace: the first of one may be due before what is scheduled for the other.
    if (!this.scheduled || list.size === 1) this.#scheduleNext(0)
  }

  /** `record`, a dead letter that settled so long ago, holds its line. */
  pin(record: EventRecord, ageMs = 0): void {
    record.settledAt = this.#clock.monotonic() - ageMs
    this.#holding.add(record)
    this.#counts.change(record.endpointId, 1)
  }

  /** Whether `record` holds its line. */
  holdsLine(record: EventRecord): boolean {
    return this.#holding.has(record)
  }

  /** `record` holds its line no more. */
  unpin(record: EventRecord): void {
    if (this.#release(record)) this.keep(record)
  }

  /** `record`, which was kept, is put back in line. Returns whether it held one. */
  release(record: EventRecord): boolean {
    const heldLine = this.#release(record)
    if (!heldLine) this.#remove(record, this.#listOf(record))
    return heldLine
  }

  forget(record: EventRecord): void {
    this.#remove(record, this.#listOf(record))
  }

  /** The oldest has reached its age. */
  due(): void {
    const nowMs = this.#clock.monotonic()
    let evicted = true
    for (const list of [this.#settled, this.#deadLetters]) {
      while (evicted && list.first !== null && this.#endOf(list) <= nowMs) evicted = this.#evictFirst(list)
    }
    this.#scheduleNext(evicted ? 0 : evictAgainMs)
  }

  #scheduleNext(soonestMs: number): void {
    const next = Math.min(this.#endOf(this.#settled), this.#endOf(this.#deadLetters))
    if (next === Infinity) return
    this.#scheduler.schedule(this, Math.max(soonestMs, next - this.#clock.monotonic()))
  }

  /** When the first of `list` is too old. */
  #endOf(list: LinkedList<EventRecord>): number {
    const { ageMs, deadLetterAgeMs } = this.#retention
    return (list.first?.settledAt ?? Infinity) + (list === this.#deadLetters ? deadLetterAgeMs : ageMs)
  }

  /**
   * False when the log cannot evict now. The event is kept then, and tried again with the next that settles or grows old:
   * what could not be forgotten must not stop what is to be delivered.
   */
  #evictFirst(list: LinkedList<EventRecord>): boolean {
    const record = list.first
    if (record === null) return false
    try {
      this.#log.evict(record.id)
    } catch {
      return false
    }
    this.#remove(record, list)
    this.#store.remove(record)
    this.#readings.forget(record.resting.value)
    return true
  }

  #release(record: EventRecord): boolean {
    const heldLine = this.#holding.delete(record)
    if (heldLine) this.#counts.change(record.endpointId, -1)
    return heldLine
  }

  #remove(record: EventRecord, list: LinkedList<EventRecord>): void {
    list.remove(record)
    if (list === this.#deadLetters) this.#counts.change(record.endpointId, -1)
  }

  #listOf(record: EventRecord): LinkedList<EventRecord> {
    return record.resting.value === 'deadLettered' ? this.#deadLetters : this.#settled
  }
}
