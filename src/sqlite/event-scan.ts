// Events in the order of their submission, by the index alone. What does not fit is left out by the query: a row that comes to
// be an object costs ten times as much as one that does not.
import { isoTime } from '../clock/iso-time.ts'
import type { ScannedEvent, ScannedPage, ScanQuery, WantedEvents } from '../log/stored-events.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import { integerIn, integerOrNullIn, textIn, textOrNullIn } from './columns.ts'
import type { Row, Value } from './driver/database.ts'
import { settledStatusOf } from './event-change.ts'
import type { FileReading, Query } from './file-reading.ts'
import { settledStatuses } from './schema.ts'

export class EventScan {
  readonly #newest: Query
  readonly #oldest: Query
  readonly #newestEnd: Query
  readonly #oldestEnd: Query

  constructor(reading: FileReading) {
    // An event that has one record only was never tried. What is not known, null, fits.
    const select = `SELECT number, id, type, submitted_at, status, settled_at,
      (SELECT id FROM endpoints WHERE number = events.endpoint) AS endpoint_id,
      iif(status IS NULL, (SELECT max(seq) FROM records WHERE event = events.number), NULL) AS last_seq
      FROM events WHERE iif(status IS NULL, ?, status IN (?, ?, ?))
      AND (type IS NULL OR type BETWEEN ? AND ?)
      AND (submitted_at IS NULL OR (submitted_at >= ? AND submitted_at < ?))
      AND (? IS NULL OR endpoint IN (
        SELECT number FROM endpoints WHERE id IN (SELECT value FROM json_each(?))
      )) AND number`
    this.#newest = reading.query(`${select} < ? AND number >= ? ORDER BY number DESC`)
    this.#oldest = reading.query(`${select} > ? AND number <= ? ORDER BY number`)
    this.#newestEnd = reading.query('SELECT number FROM events WHERE number < ? ORDER BY number DESC LIMIT 1 OFFSET ?')
    this.#oldestEnd = reading.query('SELECT number FROM events WHERE number > ? ORDER BY number LIMIT 1 OFFSET ?')
  }

  /** @param removes whether an event is about to be removed */
  page({ order, afterSeq, limit, wanted }: ScanQuery, removes: (eventId: string) => boolean): ScannedPage {
    const isNewest = order === 'newest'
    const end = (isNewest ? this.#newestEnd : this.#oldestEnd).get(afterSeq, limit - 1)
    const lastSeq = end === undefined ? null : integerIn(end, 'number')
    const rows = (isNewest ? this.#newest : this.#oldest).all(
      ...boundsOf(wanted),
      afterSeq,
      lastSeq ?? (isNewest ? 0 : Number.MAX_SAFE_INTEGER),
    )
    return {
      // Without an endpoint that the file names, an event is found by nobody.
      events: rows.filter((row) => row['endpoint_id'] !== null && !removes(textIn(row, 'id'))).map(readScanned),
      lastSeq,
    }
  }
}

const anything: WantedEvents = {
  endpointIds: null,
  statuses: null,
  types: null,
  submittedFromMs: -Infinity,
  submittedUntilMs: Infinity,
}

function boundsOf(wanted = anything): readonly Value[] {
  const { endpointIds, statuses, types, submittedFromMs, submittedUntilMs } = wanted
  const wants = (status: keyof typeof settledStatuses): number =>
    statuses === null || statuses.has(status) ? settledStatuses[status] : 0
  const wantsUnsettled = statuses === null || Array.from(statuses).some((status) => !isSettled(status))
  const ids = endpointIds === null ? null : JSON.stringify(endpointIds)
  return [
    wantsUnsettled ? 1 : 0,
    ...[wants('delivered'), wants('failed'), wants('deadLettered')],
    ...(types ?? ['', '\u{10FFFF}']),
    ...[submittedFromMs, submittedUntilMs],
    ...[ids, ids],
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
