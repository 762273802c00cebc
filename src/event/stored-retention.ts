// What is kept of events that have settled, where the log's home keeps them: nothing of it in memory. The home is asked to
// remove what the policy does not keep, in small steps between which deliveries go on.
import type { Clock } from '../clock/clock.ts'
import { Task } from '../clock/scheduler.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import type { StoredEvents } from '../log/stored-events.ts'
import type { LogHome } from '../log/log-home.ts'
import type { Retention } from '../service-limits.ts'
import { DeadLetterCounts } from './dead-letter-counts.ts'
import type { EventRecord } from './event-record.ts'
import type { EventStore } from './event-store.ts'
import { readBack } from './read-back.ts'
import type { Readings } from './readings.ts'
import type { SettledEvents } from './retention-keeper.ts'

/** Between two steps while there is more to remove; otherwise; and after the home could not remove. */
const stepMs = 10
const lookMs = 10_000
const againMs = 1000

export interface StoredRetentionPorts {
  readonly stored: StoredEvents
  readonly afterCommit: NonNullable<LogHome['afterCommit']>
  readonly store: EventStore
  readonly readings: Readings
  readonly clock: Clock
  readonly scheduler: Scheduler
}

export class StoredRetention extends Task implements SettledEvents {
  /** Nobody waits for an event to be forgotten. */
  override readonly keepsAlive = false
  readonly #retention: Retention
  readonly #ports: StoredRetentionPorts
  /** Redeliveries that are not durable: to the home, their events are settled still. */
  #takenBack = 0
  /** How many more or fewer there are than the home counts, which tells of what is durable. */
  readonly #uncommitted = new DeadLetterCounts()

  constructor(retention: Retention, ports: StoredRetentionPorts) {
    super()
    this.#retention = retention
    this.#ports = ports
    ports.scheduler.schedule(this, lookMs)
  }

  /** In the order in which they settled: first those that are durable. */
  deadLettersOf(endpointId: string): EventRecord[] {
    const { stored, store } = this.#ports
    const found = stored
      .deadLetters(endpointId)
      .map((event) => store.inMemory(event.submitted.eventId) ?? readBack(event))
    const letters = new Set(found.filter(isDeadLetter))
    for (const record of store.allInMemory()) {
      if (record.endpointId === endpointId && isDeadLetter(record)) letters.add(record)
    }
    return [...letters]
  }

  countDeadLettersOf(endpointId: string): number {
    return this.#ports.stored.countDeadLetters(endpointId) + this.#uncommitted.of(endpointId)
  }

  keep(record: EventRecord): void {
    if (isDeadLetter(record)) this.#countUntilCommit(record, 1)
    this.#lookSooner()
  }

  /** Sooner than it would look by itself, where there are too many. */
  #lookSooner(): void {
    const { events } = this.#ports.readings
    const { settledEvents, deadLetters } = this.#retention
    const tooMany = events.delivered + events.failed > settledEvents || events.deadLettered > deadLetters
    if (tooMany && this.#dueIn > stepMs) this.#ports.scheduler.schedule(this, stepMs)
  }

  /** It is part of its line. */
  pin(record: EventRecord): void {
    this.#countUntilCommit(record, 1)
  }

  holdsLine(record: EventRecord): boolean {
    return record.resting.context.holdsLine
  }

  unpin(): void {
    this.#lookSooner()
  }

  /** Until that is durable nothing is removed: the home would not know better. */
  release(record: EventRecord): boolean {
    this.#takenBack += 1
    if (isDeadLetter(record)) this.#countUntilCommit(record, -1)
    queueMicrotask(this.#awaitCommit)
    return this.holdsLine(record)
  }

  /** Its home keeps the list. */
  forget(): void {
    return
  }

  readonly #awaitCommit = (): void => {
    this.#afterCommit(() => {
      this.#takenBack -= 1
    })
  }

  /** Its step is in the log, or is about to be. */
  #countUntilCommit({ endpointId }: EventRecord, by: 1 | -1): void {
    this.#uncommitted.change(endpointId, by)
    queueMicrotask(() => {
      this.#afterCommit(() => this.#uncommitted.change(endpointId, by === 1 ? -1 : 1))
    })
  }

  #afterCommit(act: () => void): void {
    try {
      this.#ports.afterCommit(act)
    } catch {
      // A home that is closed removes nothing any more.
    }
  }

  due(): void {
    this.#ports.scheduler.schedule(this, this.#step())
  }

  /** How long until the next. */
  #step(): number {
    if (this.#takenBack > 0) return stepMs
    const { stored, readings, clock } = this.#ports
    const { settledEvents, deadLetters, ageMs, deadLetterAgeMs } = this.#retention
    const nowMs = clock.now()
    try {
      const { removed, more } = stored.sweep({
        settledEvents,
        deadLetters,
        settledBeforeMs: nowMs - ageMs,
        deadLettersBeforeMs: nowMs - deadLetterAgeMs,
      })
      readings.removed(removed)
      return more ? stepMs : lookMs
    } catch {
      // What could not be forgotten must not stop what is to be delivered.
      return againMs
    }
  }

  get #dueIn(): number {
    return this.scheduled ? this.dueAt - this.#ports.clock.monotonic() : Infinity
  }
}

function isDeadLetter({ lane, resting }: EventRecord): boolean {
  return lane === null && resting.value === 'deadLettered'
}
