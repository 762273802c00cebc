// Reads `records` a page at a time: as they are stored, and nothing of them believed yet.
import { hexIn, integerIn, integerOrNullIn, textIn } from './columns.ts'
import type { Database, Row } from './driver/database.ts'

/** As few that a page of the largest payloads still fits in memory. */
const pageRows = 64

/** A record as it is stored. */
export interface RawRecord {
  readonly seq: number
  /** The number of its event; null when it is an endpoint's own. */
  readonly event: number | null
  readonly endpoint: number
  readonly kind: number
  readonly line: string
  /** Checksums, in hexadecimal digits: that of the record appended before it, and its own. */
  readonly previous: string
  readonly sum: string
}

const select = 'SELECT seq, event, endpoint, kind, line, previous, sum FROM records'

/** All from `fromSeq` on, in the order of their `seq`. @throws StorageError, DatabaseError when one cannot be read */
export function* rawRecords(database: Database, fromSeq = 0): Iterable<RawRecord> {
  const page = database.prepare(`${select} WHERE seq > ? ORDER BY seq LIMIT ${pageRows}`)
  for (let after = fromSeq - 1; ;) {
    const records = page.all(after).map(readRecord)
    yield* records
    if (records.length < pageRows) return
    after = records.at(-1)?.seq ?? after
  }
}

/** Those of events: one event after the other, by its number, and each event's in the order of their `seq`. */
export function* rawRecordsByEvent(database: Database): Iterable<RawRecord & { readonly event: number }> {
  const page = database.prepare(
    `${select} WHERE event IS NOT NULL AND event >= ? AND (event > ? OR seq > ?) ORDER BY event, seq LIMIT ${pageRows}`,
  )
  for (let event = Number.MIN_SAFE_INTEGER, seq = 0; ;) {
    const rows = page.all(event, event, seq)
    for (const row of rows) {
      event = integerIn(row, 'event')
      seq = integerIn(row, 'seq')
      yield { ...readRecord(row), event }
    }
    if (rows.length < pageRows) return
  }
}

/** An endpoint's own, in the order of their `seq`. */
export function* rawRecordsOfEndpoint(database: Database, endpoint: number): Iterable<RawRecord> {
  const page = database.prepare(
    `${select} WHERE event IS NULL AND endpoint = ? AND seq > ? ORDER BY seq LIMIT ${pageRows}`,
  )
  for (let after = 0; ;) {
    const records = page.all(endpoint, after).map(readRecord)
    yield* records
    if (records.length < pageRows) return
    after = records.at(-1)?.seq ?? after
  }
}

/** One record; undefined where there is none. */
export function rawRecord(database: Database, seq: number): RawRecord | undefined {
  const row = database.prepare(`${select} WHERE seq = ?`).get(seq)
  return row && readRecord(row)
}

/** The last there is; 0 where there is none. */
export function lastSeqIn(database: Database): number {
  return integerIn(database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM records').get() ?? { seq: 0 }, 'seq')
}

function readRecord(row: Row): RawRecord {
  return {
    seq: integerIn(row, 'seq'),
    event: integerOrNullIn(row, 'event'),
    endpoint: integerIn(row, 'endpoint'),
    kind: integerIn(row, 'kind'),
    line: textIn(row, 'line'),
    previous: hexIn(row, 'previous'),
    sum: hexIn(row, 'sum'),
  }
}
