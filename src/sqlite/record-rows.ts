// Writes records and what they name: an endpoint and an event each have a number, by which their records are found.
import { integerIn } from './columns.ts'
import type { Database, Statement } from './driver/database.ts'
import type { GroupedRecord } from './grouped-record.ts'
import { InsertedRows } from './inserted-rows.ts'
import { KnownNumbers } from './known-numbers.ts'

const columns = ['seq', 'event', 'endpoint', 'kind', 'line', 'previous', 'sum']

export class RecordRows {
  readonly #rows: InsertedRows
  readonly #findEndpoint: Statement
  readonly #insertEndpoint: Statement
  readonly #findEvent: Statement
  readonly #endpoints = new KnownNumbers()
  readonly #events = new KnownNumbers()
  /** One record's `sum` is the next one's `previous`. */
  #sum = ''
  #sumBytes: Uint8Array = new Uint8Array(0)

  constructor(database: Database) {
    this.#rows = new InsertedRows(database, 'records', columns)
    this.#findEndpoint = database.prepare('SELECT number FROM endpoints WHERE id = ?')
    this.#insertEndpoint = database.prepare('INSERT INTO endpoints (number, id) VALUES (?, ?)')
    this.#findEvent = database.prepare('SELECT number FROM events WHERE id = ?')
  }

  /** It is in the file after {@link insertRest} at the latest. */
  insert({ seq, kind, line, previous, sum }: GroupedRecord, event: number | null, endpoint: number): void {
    const previousBytes = previous === this.#sum ? this.#sumBytes : Buffer.from(previous, 'hex')
    const sumBytes = Buffer.from(sum, 'hex')
    this.#sum = sum
    this.#sumBytes = sumBytes
    this.#rows.add(seq, event, endpoint, kind, line, previousBytes, sumBytes)
  }

  insertRest(): void {
    this.#rows.insertRest()
  }

  /** The number of an endpoint. A new one takes that of the first record that names it, `seq`. */
  endpointNumber(endpointId: string, seq: number): number {
    const known = this.#endpoints.get(endpointId)
    if (known !== undefined) return known
    const found = this.#findEndpoint.get(endpointId)
    const number = found === undefined ? seq : integerIn(found, 'number')
    if (found === undefined) this.#insertEndpoint.run(number, endpointId)
    this.#endpoints.set(endpointId, number)
    return number
  }

  /** The number of an event that the file knows; null where it knows none. */
  eventNumber(eventId: string): number | null {
    const known = this.#events.get(eventId)
    if (known !== undefined) return known
    const found = this.#findEvent.get(eventId)
    if (found === undefined) return null
    const number = integerIn(found, 'number')
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

  /** A commit failed: nothing of it is in the file, and numbers that were given in it may be given again. */
  forgetGroup(): void {
    this.#rows.forget()
    this.#endpoints.clear()
    this.#events.clear()
  }
}
