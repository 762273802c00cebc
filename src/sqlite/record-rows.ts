// Writes records and what they name: an endpoint and an event each have a number, by which their records are found.
import { integerIn } from './columns.ts'
import type { Database, Statement, Value } from './driver/database.ts'
import type { GroupedRecord } from './grouped-record.ts'
import { KnownNumbers } from './known-numbers.ts'

const columns = 'seq, event, endpoint, kind, line, previous, sum'
const row = `(${columns.replace(/\w+/g, '?')})`
/** Rows that one statement inserts: a row costs half of what it does alone. */
const rowsAtOnce = 8
const columnCount = columns.split(', ').length

export class RecordRows {
  readonly #insertRecord: Statement
  readonly #insertRecords: Statement
  readonly #findEndpoint: Statement
  readonly #insertEndpoint: Statement
  readonly #findEvent: Statement
  readonly #endpoints = new KnownNumbers()
  readonly #events = new KnownNumbers()
  /** Of the rows that are not inserted yet. */
  #values: Value[] = []
  /** One record's `sum` is the next one's `previous`. */
  #sum = ''
  #sumBytes: Uint8Array = new Uint8Array(0)

  constructor(database: Database) {
    const into = `INSERT INTO records (${columns}) VALUES `
    this.#insertRecord = database.prepare(into + row)
    this.#insertRecords = database.prepare(into + Array<string>(rowsAtOnce).fill(row).join(', '))
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
    this.#values.push(seq, event, endpoint, kind, line, previousBytes, sumBytes)
    if (this.#values.length < rowsAtOnce * columnCount) return
    this.#insertRecords.run(...this.#values)
    this.#values = []
  }

  insertRest(): void {
    for (let at = 0; at < this.#values.length; at += columnCount) {
      this.#insertRecord.run(...this.#values.slice(at, at + columnCount))
    }
    this.#values = []
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
    this.#values = []
    this.#endpoints.clear()
    this.#events.clear()
  }
}
