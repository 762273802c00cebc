// Writes the index of events and lines: what can be asked of the log without reading it from its beginning.
import { msOf } from '../clock/iso-time.ts'
import type { EventSubmitted, Transition } from '../log/transition.ts'
import type { Database, Statement } from './driver/database.ts'
import { laneOf } from './event-change.ts'
import type { EventChange } from './event-change.ts'
import { InsertedRows } from './inserted-rows.ts'

const columns = [
  'number',
  'id',
  'endpoint',
  'lane',
  'joined',
  'status',
  'settled_at',
  'bytes',
  'idempotency_key',
  'type',
  'submitted_at',
]

export class EventRows {
  readonly #rows: InsertedRows
  readonly #findKey: Statement
  readonly #turn: Statement
  readonly #turnInPlace: Statement
  readonly #leaveLine: Statement
  readonly #markDamaged: Statement
  readonly #notePlace: Statement
  /** The last place given in this group, by endpoint and lane. */
  readonly #places = new Map<number, Map<string, number>>()

  constructor(database: Database) {
    this.#rows = new InsertedRows(database, 'events', columns)
    this.#findKey = database.prepare('SELECT 1 FROM events WHERE endpoint = ? AND idempotency_key = ?')
    this.#turn = database.prepare('UPDATE events SET status = ?, settled_at = ?, joined = ? WHERE number = ?')
    this.#turnInPlace = database.prepare(
      'UPDATE events SET status = ?, settled_at = ?, joined = coalesce(joined, ?) WHERE number = ?',
    )
    this.#leaveLine = database.prepare('UPDATE events SET joined = NULL WHERE number = ?')
    this.#markDamaged = database.prepare('UPDATE events SET damaged = 1, joined = NULL WHERE number = ?')
    this.#notePlace = database.prepare(
      'INSERT INTO lines (endpoint, lane, sequence) VALUES (?, ?, ?) ' +
        'ON CONFLICT (endpoint, lane) DO UPDATE SET sequence = max(sequence, excluded.sequence)',
    )
  }

  /** @param looksFirst whether its idempotency key may be another event's; it is found under the first that has it then */
  write(change: EventChange, looksFirst: boolean): void {
    if (change.first !== null) this.#insertEvent(change.first, change, looksFirst)
    else if (change.touched) this.#update(change)
  }

  markDamaged(number: number): void {
    this.#markDamaged.run(number)
  }

  /** The place that an event was given, whatever becomes of it: none is given twice. */
  notePlace(endpoint: number, submitted: EventSubmitted): void {
    const { sequence } = submitted
    const lane = laneOf(submitted) ?? ''
    let places = this.#places.get(endpoint)
    if (places === undefined) this.#places.set(endpoint, (places = new Map<string, number>()))
    places.set(lane, Math.max(sequence, places.get(lane) ?? 0))
  }

  /** What is left of this group's rows, and the places that were given in it: once for each line. */
  writeRest(): void {
    this.#rows.insertRest()
    for (const [endpoint, places] of this.#places) {
      for (const [lane, sequence] of places) this.#notePlace.run(endpoint, lane, sequence)
    }
    this.#places.clear()
  }

  /** A commit failed: nothing of it is in the file. */
  forgetGroup(): void {
    this.#rows.forget()
    this.#places.clear()
  }

  /** An event that begins in this group. */
  #insertEvent({ eventId, at, event }: Transition, change: EventChange, looksFirst: boolean): void {
    const { number, endpoint, joined, status, settledAtMs } = change
    if (event.type !== 'event.submitted') {
      // Nothing that the service writes. Its records are kept and found, and it is in no line.
      this.#rows.add(number, eventId, endpoint, null, null, status, settledAtMs, 0, null, null, null)
      return
    }
    const bytes = Buffer.byteLength(event.body)
    if (looksFirst) this.#rows.insertRest()
    const isTaken = looksFirst && this.#findKey.get(endpoint, event.idempotencyKey) !== undefined
    const key = isTaken ? null : event.idempotencyKey
    const lane = laneOf(event)
    this.#rows.add(number, eventId, endpoint, lane, joined, status, settledAtMs, bytes, key, event.eventType, msOf(at))
  }

  /** An event that the file knows. */
  #update({ number, placed, turned, joined, status, settledAtMs }: EventChange): void {
    if (!turned) this.#leaveLine.run(number)
    else if (placed) this.#turn.run(status, settledAtMs, joined, number)
    else this.#turnInPlace.run(status, settledAtMs, joined, number)
  }
}
