// The rows of `events` and `lines`, as they are compared with the records.
import { integerIn, integerOrNullIn, textIn, textOrNullIn } from '../columns.ts'
import type { Database, Row } from '../driver/database.ts'
import type { EventRow } from './folded-row.ts'

const pageRows = 256

/** A row of `events`. */
export interface IndexedEvent extends EventRow {
  readonly number: number
  /** Taken out of its line, because a record of it is not what was written. */
  readonly damaged: boolean
}

/** All of them, in the order of their numbers. @throws StorageError, DatabaseError when one cannot be read */
export function* indexedEvents(database: Database): Generator<IndexedEvent, undefined> {
  const page = database.prepare(
    `SELECT events.number, events.id, endpoints.id AS endpoint, lane, joined, status, settled_at, bytes, idempotency_key, damaged,
       type, submitted_at
     FROM events LEFT JOIN endpoints ON endpoints.number = events.endpoint
     WHERE events.number > ? ORDER BY events.number LIMIT ${pageRows}`,
  )
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const rows = page.all(after).map(readRow)
    yield* rows
    if (rows.length < pageRows) return
    after = rows.at(-1)?.number ?? after
  }
}

/** Tells the last place that was given in a line; 0 when none was. Asked for one line many times in a row, it looks once. */
export function lastPlaces(database: Database): (endpointId: string, lane: string) => number {
  const find = database.prepare(
    'SELECT sequence FROM lines JOIN endpoints ON endpoints.number = lines.endpoint WHERE endpoints.id = ? AND lane = ?',
  )
  let known = { endpointId: '', lane: '', sequence: 0 }
  return (endpointId, lane) => {
    if (known.endpointId !== endpointId || known.lane !== lane) {
      const row = find.get(endpointId, lane)
      known = { endpointId, lane, sequence: row === undefined ? 0 : integerIn(row, 'sequence') }
    }
    return known.sequence
  }
}

/** Tells the id of an endpoint by its number; null where it has none. Asked for one many times in a row, it looks once. */
export function endpointIds(database: Database): (number: number) => string | null {
  const find = database.prepare('SELECT id FROM endpoints WHERE number = ?')
  let known: { readonly number: number; readonly id: string | null } | null = null
  return (number) => {
    if (known?.number !== number) {
      const row = find.get(number)
      known = { number, id: row === undefined ? null : textIn(row, 'id') }
    }
    return known.id
  }
}

function readRow(row: Row): IndexedEvent {
  return {
    number: integerIn(row, 'number'),
    id: textIn(row, 'id'),
    endpointId: row['endpoint'] === null ? '' : textIn(row, 'endpoint'),
    lane: textOrNullIn(row, 'lane'),
    joined: integerOrNullIn(row, 'joined'),
    status: integerOrNullIn(row, 'status'),
    settledAtMs: integerOrNullIn(row, 'settled_at'),
    bytes: integerIn(row, 'bytes'),
    idempotencyKey: textOrNullIn(row, 'idempotency_key'),
    damaged: row['damaged'] !== 0,
    type: textOrNullIn(row, 'type'),
    submittedAtMs: integerOrNullIn(row, 'submitted_at'),
  }
}
