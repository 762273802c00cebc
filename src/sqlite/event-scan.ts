// Events in the order of their submission, by the index alone.
import { isoTime } from '../clock/iso-time.ts'
import type { ScannedEvent, ScannedPage, ScanQuery } from '../log/stored-events.ts'
import { integerIn, integerOrNullIn, textIn, textOrNullIn } from './columns.ts'
import type { Row } from './driver/database.ts'
import { settledStatusOf } from './event-change.ts'
import type { FileReading, Query } from './file-reading.ts'

export class EventScan {
  readonly #newest: Query
  readonly #oldest: Query

  constructor(reading: FileReading) {
    // An event that has one record only was never tried.
    const select = `SELECT number, id, type, submitted_at, status, settled_at,
      (SELECT id FROM endpoints WHERE number = events.endpoint) AS endpoint_id,
      iif(status IS NULL, (SELECT max(seq) FROM records WHERE event = events.number), NULL) AS last_seq
      FROM events WHERE number`
    this.#newest = reading.query(`${select} < ? ORDER BY number DESC LIMIT ?`)
    this.#oldest = reading.query(`${select} > ? ORDER BY number LIMIT ?`)
  }

  /** @param removes whether an event is about to be removed */
  page({ order, afterSeq, limit }: ScanQuery, removes: (eventId: string) => boolean): ScannedPage {
    const rows = (order === 'newest' ? this.#newest : this.#oldest).all(afterSeq, limit)
    const last = rows.length < limit ? undefined : rows.at(-1)
    return {
      // Without an endpoint that the file names, an event is found by nobody.
      events: rows.filter((row) => row['endpoint_id'] !== null && !removes(textIn(row, 'id'))).map(readScanned),
      lastSeq: last === undefined ? null : integerIn(last, 'number'),
    }
  }
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
