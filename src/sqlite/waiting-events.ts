// What the index tells of events that wait, or hold a line. An endpoint's one line is found in one index, lines of ordering
// keys in two, events that wait for no other in the second alone: so most events cost one entry, and no query walks past
// the events of other lines.
import type { StoredBacklog, WaitingQuery } from '../log/stored-events.ts'
import { integerIn, textIn } from './columns.ts'
import type { Row } from './driver/database.ts'
import { indexColumns } from './event-reader.ts'
import type { FileReading, Query } from './file-reading.ts'
import { KnownNumbers } from './known-numbers.ts'

/** As the second index has it, to the letter: SQLite would not use it otherwise. */
const notInOneLine = "(lane IS NULL OR lane <> '')"

export class WaitingEvents {
  readonly #findEndpoint: Query
  /** Numbers of endpoints that are in the file. They never change. */
  readonly #endpoints = new KnownNumbers()
  readonly #ofEndpoint: Query
  readonly #inLane: Query
  readonly #alone: Query
  readonly #countAhead: Query
  readonly #backlogs: Query
  readonly #unsettled: Query

  constructor(reading: FileReading) {
    this.#findEndpoint = reading.query('SELECT number FROM endpoints WHERE id = ?')
    const select = `SELECT ${indexColumns} FROM events WHERE endpoint = ? AND`
    this.#ofEndpoint = reading.query(
      `${select} lane = '' AND joined > ? UNION ALL ${select} ${notInOneLine} AND joined > ? ORDER BY joined LIMIT ?`,
    )
    this.#inLane = reading.query(`${select} lane = ? AND joined > ? ORDER BY joined LIMIT ?`)
    this.#alone = reading.query(`${select} id = ? AND lane IS NULL AND joined > ?`)
    this.#countAhead = reading.query(
      'SELECT count(*) AS ahead FROM events WHERE endpoint = ? AND lane = ? AND joined < ?',
    )
    // The indexes are named: by themselves the queries would read the whole table.
    const all =
      'SELECT number, endpoint, status, bytes FROM events INDEXED BY events_waiting_in_lane ' +
      "WHERE joined IS NOT NULL AND lane = '' UNION ALL " +
      'SELECT number, endpoint, status, bytes FROM events INDEXED BY events_waiting_by_lane ' +
      `WHERE joined IS NOT NULL AND ${notInOneLine}`
    this.#backlogs = reading.query(
      'SELECT endpoints.id AS id, backlog.events, backlog.bytes, backlog.held_lines FROM (' +
        'SELECT endpoint, sum(status IS NULL) AS events, sum(iif(status IS NULL, bytes, 0)) AS bytes, ' +
        `sum(status IS NOT NULL) AS held_lines FROM (${all}) GROUP BY endpoint` +
        ') AS backlog JOIN endpoints ON endpoints.number = backlog.endpoint ORDER BY endpoints.number',
    )
    this.#unsettled = reading.query(
      'SELECT events.id AS id, endpoints.id AS endpoint_id FROM (' +
        `SELECT number FROM (${all}) WHERE status IS NULL ORDER BY number LIMIT ?` +
        ') AS open JOIN events ON events.number = open.number ' +
        'JOIN endpoints ON endpoints.number = events.endpoint ORDER BY open.number',
    )
  }

  /** Rows of the index, in the order in which the events joined. */
  rows({ endpointId, laneKey, afterSeq, limit }: WaitingQuery): readonly Row[] {
    const endpoint = this.#endpointNumber(endpointId)
    if (endpoint === null) return []
    if (laneKey === undefined) return this.#ofEndpoint.all(endpoint, afterSeq, endpoint, afterSeq, limit)
    // An ordering key may look like the id of an event that waits for no other.
    const alone = laneKey === '' ? [] : this.#alone.all(endpoint, laneKey, afterSeq)
    const inLane = this.#inLane.all(endpoint, laneKey, afterSeq, limit)
    if (alone.length === 0) return inLane
    return [...inLane, ...alone].sort((one, other) => joinedIn(one) - joinedIn(other)).slice(0, limit)
  }

  countAhead(endpointId: string, laneKey: string, joinedSeq: number): number {
    const endpoint = this.#endpointNumber(endpointId)
    if (endpoint === null) return 0
    const alone = laneKey === '' ? [] : this.#alone.all(endpoint, laneKey, 0)
    const inLane = integerIn(this.#countAhead.get(endpoint, laneKey, joinedSeq) ?? {}, 'ahead')
    return inLane + alone.filter((row) => joinedIn(row) < joinedSeq).length
  }

  backlogs(): readonly StoredBacklog[] {
    return this.#backlogs.all().map((row) => ({
      endpointId: textIn(row, 'id'),
      events: integerIn(row, 'events'),
      bytes: integerIn(row, 'bytes'),
      heldLines: integerIn(row, 'held_lines'),
    }))
  }

  unsettled(limit: number): readonly { readonly eventId: string; readonly endpointId: string }[] {
    return this.#unsettled
      .all(limit)
      .map((row) => ({ eventId: textIn(row, 'id'), endpointId: textIn(row, 'endpoint_id') }))
  }

  #endpointNumber(endpointId: string): number | null {
    const known = this.#endpoints.get(endpointId)
    if (known !== undefined) return known
    const row = this.#findEndpoint.get(endpointId)
    if (row === undefined) return null
    const number = integerIn(row, 'number')
    this.#endpoints.set(endpointId, number)
    return number
  }
}

function joinedIn(row: Row): number {
  return integerIn(row, 'joined')
}
