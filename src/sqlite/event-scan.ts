// Events in the order of their submission, by the index alone. What does not fit is left out by the query: a row that comes to
// be an object costs ten times as much as one that does not.
import { isoTime } from '../clock/iso-time.ts'
import type { ScannedEvent, ScannedPage, ScanQuery, WantedEvents } from '../log/stored-events.ts'
import { integerIn, integerOrNullIn, textIn, textOrNullIn } from './columns.ts'
import type { Row, Value } from './driver/database.ts'
import { settledStatusOf } from './event-change.ts'
import type { FileReading, Query } from './file-reading.ts'
import { settledStatuses } from './schema.ts'

export class EventScan {
  readonly #newest: Query
  readonly #oldest: Query
  readonly #endpoints: Query
  readonly #newestEnd: Query
  readonly #oldestEnd: Query

  constructor(reading: FileReading) {
    // An event that has one record only was never tried. What is not known, null, fits.
    const select = `SELECT number, id, type, submitted_at, status, settled_at,
      (SELECT id FROM endpoints WHERE number = events.endpoint) AS endpoint_id,
      iif(status IS NULL, (SELECT max(seq) FROM records WHERE event = events.number), NULL) AS last_seq
      FROM events WHERE number BETWEEN ? AND ?
      AND (? IS NULL OR endpoint IN (SELECT value FROM json_each(?)))
      AND CASE WHEN status IS NOT NULL THEN status IN (?, ?, ?) WHEN ? THEN TRUE
        ELSE ? AND (SELECT max(seq) FROM records WHERE event = events.number) > number END
      AND (type IS NULL OR type BETWEEN ? AND ?)
      AND (submitted_at IS NULL OR (submitted_at >= ? AND submitted_at < ?))
      ORDER BY number`
    this.#newest = reading.query(`${select} DESC`)
    this.#oldest = reading.query(select)
    this.#endpoints = reading.query(
      'SELECT number, id FROM endpoints WHERE number IN (SELECT endpoint FROM events WHERE number BETWEEN ? AND ?)',
    )
    this.#newestEnd = reading.query('SELECT number FROM events WHERE number < ? ORDER BY number DESC LIMIT 1 OFFSET ?')
    this.#oldestEnd = reading.query('SELECT number FROM events WHERE number > ? ORDER BY number LIMIT 1 OFFSET ?')
  }

  /** @param removes whether an event is about to be removed */
  page({ order, afterSeq, limit, wanted = anything }: ScanQuery, removes: (eventId: string) => boolean): ScannedPage {
    const isNewest = order === 'newest'
    const end = (isNewest ? this.#newestEnd : this.#oldestEnd).get(afterSeq, limit - 1)
    const lastSeq = end === undefined ? null : integerIn(end, 'number')
    const range = isNewest ? [lastSeq ?? 0, afterSeq - 1] : [afterSeq + 1, lastSeq ?? Number.MAX_SAFE_INTEGER]
    const endpoints = this.#wantedEndpoints(wanted, range)
    if (endpoints === '[]') return { events: [], lastSeq }
    const rows = (isNewest ? this.#newest : this.#oldest).all(...range, endpoints, endpoints, ...boundsOf(wanted))
    return {
      // Without an endpoint that the file names, an event is found by nobody.
      events: rows.filter((row) => row['endpoint_id'] !== null && !removes(textIn(row, 'id'))).map(readScanned),
      lastSeq,
    }
  }

  /** Of the endpoints that have events in the range: the numbers of those that are wanted, as JSON; null when all are. */
  #wantedEndpoints({ ofEndpoint }: WantedEvents, range: readonly Value[]): string | null {
    if (ofEndpoint === null) return null
    const rows = this.#endpoints.all(...range).filter((row) => ofEndpoint(textIn(row, 'id')))
    return JSON.stringify(rows.map((row) => integerIn(row, 'number')))
  }
}

const anything: WantedEvents = {
  ofEndpoint: null,
  statuses: null,
  types: null,
  submittedFromMs: -Infinity,
  submittedUntilMs: Infinity,
}

function boundsOf({ statuses, types, submittedFromMs, submittedUntilMs }: WantedEvents): readonly Value[] {
  const wants = (status: keyof typeof settledStatuses): number =>
    statuses === null || statuses.has(status) ? settledStatuses[status] : 0
  const wantsUntried = statuses === null || statuses.has('pending')
  const wantsTried = wantsUntried || statuses.has('delivering') || statuses.has('backoff')
  return [
    ...[wants('delivered'), wants('failed'), wants('deadLettered')],
    ...[Number(wantsUntried), Number(wantsTried)],
    ...(types ?? ['', '\u{10FFFF}']),
    ...[submittedFromMs, submittedUntilMs],
  ]
}

function readScanned(row: Row): ScannedEvent {
  const seq = integerIn(row, 'number')
  const settledAtMs = integerOrNullIn(row, 'settled_at')
  const isUntried = row['status'] === null && row['last_seq'] === seq
  return {
    seq,
    eventId: textIn(row, 'id'),
    endpointId: textIn(row, 'endpoint_id'),
    eventType: textOrNullIn(row, 'type'),
    submittedAtMs: integerOrNullIn(row, 'submitted_at'),
    status: isUntried ? 'pending' : settledStatusOf(integerOrNullIn(row, 'status')),
    settledAt: settledAtMs === null ? null : isoTime(settledAtMs),
  }
}
