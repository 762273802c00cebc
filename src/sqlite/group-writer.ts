// Writes one group in one transaction: what is removed, the records, the index of them, the counters. All of it, or none.
import type { Clock } from '../clock/clock.ts'
import type { Transition } from '../log/transition.ts'
import { ConfigurationRows } from './configuration-rows.ts'
import type { Counters, CountersRow } from './counters.ts'
import { DatabaseError } from './driver/database.ts'
import type { Database } from './driver/database.ts'
import { resultCodes } from './driver/result-codes.ts'
import { EventChange } from './event-change.ts'
import { EventRows } from './event-rows.ts'
import type { Group } from './group.ts'
import { transitionOf } from './grouped-record.ts'
import type { GroupedRecord } from './grouped-record.ts'
import { RecordRows } from './record-rows.ts'
import { Removals } from './removals.ts'

/** How long one commit may take to remove events; the rest is left for the next one. */
const longestRemovalMs = 5

/** What a group that was written leaves behind. */
export interface Written {
  readonly counters: Counters
  /** Events that are still to be removed. */
  readonly unremoved: readonly string[]
}

export class GroupWriter {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #countersRow: CountersRow
  readonly #removals: Removals
  readonly #records: RecordRows
  readonly #events: EventRows
  readonly #configurations: ConfigurationRows
  /** Of the group that is being written, by event. */
  readonly #changes = new Map<string, EventChange>()

  constructor(database: Database, countersRow: CountersRow, clock: Pick<Clock, 'monotonic'>) {
    this.#database = database
    this.#clock = clock
    this.#countersRow = countersRow
    this.#removals = new Removals(database)
    this.#records = new RecordRows(database)
    this.#events = new EventRows(database)
    this.#configurations = new ConfigurationRows(database, this.#removals)
  }

  /** Throws what the database throws; nothing was written then. */
  write(group: Group): Written {
    try {
      return this.#writeAll(group, false)
    } catch (error) {
      const isTaken = error instanceof DatabaseError && error.resultCode === resultCodes.SQLITE_CONSTRAINT_UNIQUE
      if (!isTaken) throw error
      // An id or a key was submitted that the file has already. The service sees to it that none is; the log keeps what it
      // is given all the same. What is to be removed is, first: the key of an event that is about to go is free.
      return this.#writeAll(group, true)
    }
  }

  /** @param looksFirst whether to look for each event that is submitted, before it is written as a new one */
  #writeAll(group: Group, looksFirst: boolean): Written {
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      const counters = this.#countersRow.read()
      const removed = this.#remove(group, counters, looksFirst ? Infinity : longestRemovalMs)
      for (const number of group.damagedEvents) this.#events.markDamaged(number)
      for (const grouped of group.records) this.#insert(grouped, counters, looksFirst)
      this.#records.insertRest()
      for (const [eventId, change] of this.#changes) {
        this.#events.write(change, looksFirst)
        // Nothing more is to come of it, as a rule: whoever goes on about it looks for its number.
        if (change.status !== null) this.#records.forgetEvent(eventId)
      }
      this.#events.writeRest()
      this.#countersRow.write(counters)
      if (group.freedPages > 0) this.#database.exec(`PRAGMA incremental_vacuum(${group.freedPages})`)
      this.#database.exec('COMMIT')
      this.#changes.clear()
      return { counters, unremoved: [...group.removedEvents].filter((eventId) => !removed.has(eventId)) }
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  /** Those that are submitted anew in the same group must make room for themselves; of the others, what the time allows. */
  #remove(group: Group, counters: Counters, longestMs: number): ReadonlySet<string> {
    const { removedEvents, removedEndpointRecords } = group
    for (const seq of removedEndpointRecords) this.#removals.removeEndpointRecord(seq, counters)
    const removed = new Set<string>()
    if (removedEvents.size === 0) return removed
    const until = this.#clock.monotonic() + longestMs
    const inGroup = group.eventIds()
    for (const eventId of removedEvents) {
      if (this.#clock.monotonic() >= until && !inGroup.has(eventId)) continue
      this.#removals.removeEvent(eventId, counters)
      this.#records.forgetEvent(eventId)
      removed.add(eventId)
    }
    return removed
  }

  #insert(grouped: GroupedRecord, counters: Counters, looksFirst: boolean): void {
    counters.lastSeq = grouped.seq
    counters.lastSum = grouped.sum
    const transition = transitionOf(grouped)
    const endpoint = this.#records.endpointNumber(grouped.endpointId, grouped.seq)
    if (transition !== null) {
      counters.countStarted(transition)
      if (transition.event.type === 'event.submitted') this.#events.notePlace(endpoint, transition.event)
    }
    if (grouped.dropped) {
      counters.evicted += 1
      if (transition !== null) counters.noteEvicted(grouped.seq)
      return
    }
    if (transition !== null) {
      counters.countSettled(transition)
      this.#records.insert(grouped, this.#change(transition, endpoint, looksFirst).number, endpoint)
      return
    }
    this.#records.insert(grouped, null, endpoint)
    if (grouped.record !== null) return
    this.#configurations.replace(endpoint, grouped.endsEndpoint ? null : grouped.seq, counters)
  }

  /** Takes `transition` into what is to be written of its event. */
  #change(transition: Transition, endpoint: number, looksFirst: boolean): EventChange {
    const { eventId, seq, from } = transition
    let change = this.#changes.get(eventId)
    if (change === undefined) {
      const number = from === null && !looksFirst ? null : this.#records.eventNumber(eventId)
      change = new EventChange(number ?? seq, endpoint, number === null ? transition : null)
      this.#changes.set(eventId, change)
      if (number === null) this.#records.nameEvent(eventId, seq)
    }
    change.read(transition)
    return change
  }

  #rollBack(): void {
    this.#changes.clear()
    this.#events.forgetGroup()
    this.#records.forgetGroup()
    try {
      this.#database.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back itself, as it does for some faults. If not, the next BEGIN says so.
    }
  }
}
