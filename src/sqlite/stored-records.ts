// Reads records in the order of their `seq`: what is in the file page by page, then what is not committed yet. Nothing is
// held open between two pages, so that deliveries may go on meanwhile.
import type { CheckedFilter } from '../log/transition-filter.ts'
import type { EndpointTransition, LogRecord, Transition } from '../log/transition.ts'
import { isEndpointTransition } from '../log/transition.ts'
import { integerIn } from './columns.ts'
import type { Row } from './driver/database.ts'
import type { FileReading, Query } from './file-reading.ts'
import type { Group } from './group.ts'
import { readRecord } from './record-reader.ts'
import { recordKinds } from './schema.ts'

const pageRecords = 256
/** The index of endpoints' own records is not in the order of `seq`: each page sorts it. */
const pageEndpointRecords = 2048

const columns = 'seq, line, previous, sum'

export class StoredRecords {
  readonly #group: () => Group
  readonly #eventNumber: Query
  readonly #endpointNumber: Query
  readonly #all: Query
  readonly #ofEvent: Query
  readonly #toEndpoint: Query
  readonly #ofEndpoints: Query
  readonly #ofEndpoint: Query

  /** @param group what is not committed at the moment */
  constructor(reading: FileReading, group: () => Group) {
    this.#group = group
    this.#eventNumber = reading.query('SELECT number FROM events WHERE id = ?')
    this.#endpointNumber = reading.query('SELECT number FROM endpoints WHERE id = ?')
    const { event, endpointHealth } = recordKinds
    const page = 'AND seq > ? ORDER BY seq LIMIT'
    this.#all = reading.query(`SELECT ${columns} FROM records WHERE kind = ${event} ${page} ${pageRecords}`)
    this.#ofEvent = reading.query(`SELECT ${columns} FROM records WHERE event = ? ${page} ${pageRecords}`)
    this.#toEndpoint = reading.query(
      `SELECT ${columns} FROM records WHERE kind = ${event} AND endpoint = ? ${page} ${pageRecords}`,
    )
    const own = `SELECT ${columns} FROM records WHERE event IS NULL AND kind = ${endpointHealth}`
    this.#ofEndpoints = reading.query(
      `${own} AND seq IN (SELECT seq FROM records WHERE event IS NULL) ${page} ${pageEndpointRecords}`,
    )
    this.#ofEndpoint = reading.query(`${own} AND endpoint = ? ${page} ${pageRecords}`)
  }

  /** @throws DivergenceError when a record is damaged, StorageError; both as it is read */
  *entries({ eventId, endpointId, fromSeq }: CheckedFilter): Iterable<Transition> {
    const query = this.#queryFor(eventId, endpointId)
    for (const record of this.#records(fromSeq, query)) {
      if (isEndpointTransition(record)) continue
      if (eventId !== undefined && record.eventId !== eventId) continue
      if (endpointId === undefined || record.endpointId === endpointId) yield record
    }
  }

  /** The same. */
  *endpointEntries({ endpointId, fromSeq }: Omit<CheckedFilter, 'eventId'>): Iterable<EndpointTransition> {
    const number = endpointId === undefined ? null : this.#numberIn(this.#endpointNumber, endpointId)
  }
}
