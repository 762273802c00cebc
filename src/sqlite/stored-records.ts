// Reads records in the order of their `seq`: what is in the file page by page, then what is not committed yet. Nothing is
// held open between two pages, so that deliveries may go on meanwhile.
import type { CheckedFilter } from '../log/transition-filter.ts'
import type { EndpointTransition, LogRecord, Transition } from '../log/transition.ts'
import { isEndpointTransition } from '../log/transition.ts'
import { integerIn, integerOrNullIn } from './columns.ts'
import type { Row } from './driver/database.ts'
import type { FileReading, Query } from './file-reading.ts'
import type { Group } from './group.ts'
import { transitionOf } from './grouped-record.ts'
import { readRecord } from './record-reader.ts'
import { recordKinds } from './schema.ts'

const pageRecords = 256
/** The index of endpoints' own records is not in the order of `seq`: each page sorts it. */
const pageEndpointRecords = 2048

const columns = 'SELECT seq, kind, line, previous, sum FROM records'

/** The next rows after a `seq`; none when there are no more. */
type ReadPage = (afterSeq: number) => readonly Row[]

export class StoredRecords {
  /** What is not committed at the moment. */
  readonly #group: () => Group
  readonly #findEvent: Query
  readonly #findEndpoint: Query
  readonly #all: Query
  readonly #ofEvent: Query
  readonly #toEndpoint: Query
  readonly #ofEndpoints: Query
  readonly #ofEndpoint: Query
  readonly #lastOfEvents: Query

  constructor(reading: FileReading, group: () => Group) {
    this.#group = group
    this.#findEvent = reading.query('SELECT number FROM events WHERE id = ?')
    this.#findEndpoint = reading.query('SELECT number FROM endpoints WHERE id = ?')
    const { event } = recordKinds
    const page = `seq > ? ORDER BY seq LIMIT ${pageRecords}`
    this.#all = reading.query(`${columns} WHERE kind = ${event} AND ${page}`)
    this.#ofEvent = reading.query(`${columns} WHERE event = ? AND ${page}`)
    this.#toEndpoint = reading.query(`${columns} WHERE kind = ${event} AND endpoint = ? AND ${page}`)
    this.#ofEndpoint = reading.query(`${columns} WHERE event IS NULL AND endpoint = ? AND ${page}`)
    this.#lastOfEvents = reading.query(
      'SELECT max(seq) AS seq FROM records WHERE event IN ' +
        '(SELECT number FROM events WHERE id IN (SELECT value FROM json_each(?)))',
    )
    this.#ofEndpoints = reading.query(
      `${columns} WHERE seq IN (SELECT seq FROM records INDEXED BY records_of_endpoint ` +
        `WHERE event IS NULL AND seq > ? ORDER BY seq LIMIT ${pageEndpointRecords}) ORDER BY seq`,
    )
  }

  /** @throws DivergenceError when a record is damaged, StorageError; both as it is read */
  *entries({ eventId, endpointId, fromSeq }: CheckedFilter): Iterable<Transition> {
    for (const record of this.#records(fromSeq, this.#pagesOf(eventId, endpointId))) {
      if (isEndpointTransition(record)) continue
      if (eventId !== undefined && record.eventId !== eventId) continue
      if (endpointId === undefined || record.endpointId === endpointId) yield record
    }
  }

  /** The same. */
  *endpointEntries({ endpointId, fromSeq }: Omit<CheckedFilter, 'eventId'>): Iterable<EndpointTransition> {
    const readPage: ReadPage =
      endpointId === undefined
        ? (seq) => this.#ofEndpoints.all(seq)
        : numbered(this.#findEndpoint, endpointId, this.#ofEndpoint)
    for (const record of this.#records(fromSeq, readPage)) {
      if (!isEndpointTransition(record)) continue
      if (endpointId === undefined || record.endpointId === endpointId) yield record
    }
  }

  /** The greatest `seq` of an event's record that is left out, and only the file does not know yet; 0 for none. @throws StorageError */
  get lastLeftOutSeq(): number {
    const { records, removedEvents } = this.#group()
    let dropped = 0
    for (const grouped of records) if (grouped.dropped && transitionOf(grouped) !== null) dropped = grouped.seq
    if (removedEvents.size === 0) return dropped
    const row = this.#lastOfEvents.get(JSON.stringify([...removedEvents]))
    return Math.max(dropped, integerOrNullIn(row ?? {}, 'seq') ?? 0)
  }

  #pagesOf(eventId: string | undefined, endpointId: string | undefined): ReadPage {
    if (eventId !== undefined) return numbered(this.#findEvent, eventId, this.#ofEvent)
    if (endpointId !== undefined) return numbered(this.#findEndpoint, endpointId, this.#toEndpoint)
    return (seq) => this.#all.all(seq)
  }

  /** What is appended while they are read comes as well. */
  *#records(fromSeq: number, readPage: ReadPage): Iterable<LogRecord> {
    let last = fromSeq - 1
    for (;;) {
      const rows = readPage(last)
      for (const row of rows) {
        last = integerIn(row, 'seq')
        if (row['kind'] === recordKinds.endpointConfiguration) continue
        const record = readRecord(row)
        if (!this.#removes(record)) yield record
      }
      if (rows.length > 0) continue
      // Looked at in the same moment as the end of the file: what is committed while these are read, is not missed.
      const uncommitted = this.#group().after(last)
      if (uncommitted.length === 0) return
      for (const grouped of uncommitted) {
        last = grouped.seq
        if (grouped.record !== null && !grouped.dropped) yield grouped.record
      }
    }
  }

  /** Whether retention took it, and only the file does not know yet. */
  #removes({ seq, eventId }: LogRecord): boolean {
    const { removedEvents, removedEndpointRecords } = this.#group()
    return eventId === '' ? removedEndpointRecords.has(seq) : removedEvents.has(eventId)
  }
}

/** The records of whatever has this id. It may come to be in the file while they are read. */
function numbered(find: Query, id: string, query: Query): ReadPage {
  let number: number | undefined
  return (seq) => {
    if (number === undefined) {
      const row = find.get(id)
      if (row === undefined) return []
      number = integerIn(row, 'number')
    }
    return query.all(number, seq)
  }
}
