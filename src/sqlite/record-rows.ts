// Writes records and what they name: an endpoint and an event each have a number, by which their records are found.
import { integerIn } from './columns.ts'
import type { Database, Statement } from './driver/database.ts'
import type { GroupedRecord } from './grouped-record.ts'
import { KnownNumbers } from './known-numbers.ts'

export class RecordRows {
  readonly #insertRecord: Statement
  readonly #findEndpoint: Statement
  readonly #insertEndpoint: Statement
  readonly #findEvent: Statement
  readonly #endpoints = new KnownNumbers()
  readonly #events = new KnownNumbers()
  /** One record's `sum` is the next one's `previous`. */
  #sum = ''
  #sumBytes: Uint8Array = new Uint8Array(0)

  constructor(database: Database) {
    this.#insertRecord = database.prepare(
      'INSERT INTO records (seq, event, endpoint, kind, line, previous, sum) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    this.#findEndpoint = database.prepare('SELECT number FROM endpoints WHERE id = ?')
    this.#insertEndpoint = database.prepare('INSERT INTO endpoints (number, id) VALUES (?, ?)')
    this.#findEvent = database.prepare('SELECT number FROM events WHERE id = ?')
  }

  insert({ seq, kind, line, previous, sum }: GroupedRecord, event: number | null, endpoint: number): void {
    const previousBytes = previous === this.#sum ? this.#sumBytes : Buffer.from(previous, 'hex')
    const sumBytes = Buffer.from(sum, 'hex')
    this.#sum = sum
    this.#sumBytes = sumBytes
    this.#insertRecord.run(seq, event, endpoint, kind, line, previousBytes, sumBytes)
  }

  /** The number of an endpoint. A new one takes that of the first record that names it, `seq`. */
  endpointNumber(endpointId: string, seq: number): number {
    const known = this.#endpoints.get(endpointId)
    if (known !== undefined) return known
    const row = this.#findEndpoint.get(endpointId)
    const number = row === undefined ? seq : integerIn(row, 'number')
    if (row === undefined) this.#insertEndpoint.run(number, endpointId)
    this.#endpoints.set(endpointId, number)
    return number
  }

  /** The number of an event that the file knows; null where it knows none. */
  eventNumber(eventId: string): number | null {
    const known = this.#events.get(eventId)
    if (known !== undefined) return known
    const row = this.#findEvent.get(eventId)
    if (row === undefined) return null
    const number = integerIn(row, 'number')
    this.#events.set(eventId, number)
    return number
  }

  /** An event's number is the `seq` of its first record. */
  nameEvent(eventId: string, seq: number): void {
    this.#events.set(eventId, seq)
  }

  forgetEvent(eventId: string): void {
    this.#events.delete(eventId)
  }

  /** A commit failed: numbers that were given in it may be given again. */
  forgetNumbers(): void {
    this.#endpoints.clear()
    this.#events.clear()
  }
}
