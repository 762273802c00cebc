// Whether every event's records follow from one another, and the index says of each event what its records say. One event
// at a time, both sides in the order of their numbers, so that memory does not grow with the file.
import { DivergenceError } from '../../errors/errors.ts'
import { HooklineError } from '../../errors/hookline-error.ts'
import { parseRecord } from '../../log/jsonl.ts'
import { isEndpointTransition } from '../../log/transition.ts'
import type { Transition } from '../../log/transition.ts'
import type { Database } from '../driver/database.ts'
import { rawRecordsByEvent } from '../raw-records.ts'
import type { RawRecord } from '../raw-records.ts'
import { recordKinds } from '../schema.ts'
import type { Faults } from './faults.ts'
import { FoldedRow } from './folded-row.ts'
import type { EventRow } from './folded-row.ts'
import { endpointIds, indexedEvents, lastPlaces } from './indexed-events.ts'
import type { IndexedEvent } from './indexed-events.ts'

/** What the events' records come to. */
export interface EventTotals {
  readonly events: number
  /** By `events.status`; 0 for those that are not settled. */
  readonly byStatus: readonly number[]
  readonly attempts: number
}

/**
 * @param damaged the events with a record that is not what was written: they are known to be wrong, and passed over
 * @param progress hears, after each event, how many records have been folded
 */
export function checkEvents(
  database: Database,
  damaged: ReadonlySet<number>,
  faults: Faults,
  progress: (records: number) => void,
): EventTotals {
  const reading = new EventReading(database, damaged, faults)
  let records = 0
  for (const row of rawRecordsByEvent(database)) {
    records += 1
    if (reading.read(row)) progress(records)
  }
  return reading.end()
}

class EventReading {
  readonly #damaged: ReadonlySet<number>
  readonly #faults: Faults
  readonly #indexed: Iterator<IndexedEvent, undefined>
  readonly #lastPlace: (endpointId: string, lane: string) => number
  readonly #endpointId: (number: number) => string | null
  readonly #byStatus = [0, 0, 0, 0]
  #events = 0
  #attempts = 0
  #next: IndexedEvent | undefined
  /** The event that is being folded; null once one of its records did not follow. */
  #number = -Infinity
  #folded: FoldedRow | null = null

  constructor(database: Database, damaged: ReadonlySet<number>, faults: Faults) {
    this.#damaged = damaged
    this.#faults = faults
    this.#indexed = indexedEvents(database)
    this.#advance()
    this.#lastPlace = lastPlaces(database)
    this.#endpointId = endpointIds(database)
  }

  /** Returns whether an event ended with the record before. */
  read(row: RawRecord & { readonly event: number }): boolean {
    const isNext = row.event !== this.#number
    if (isNext) {
      this.#endEvent()
      this.#number = row.event
      this.#folded = this.#damaged.has(row.event) ? null : new FoldedRow()
    }
    if (this.#folded === null) return isNext
    try {
      this.#folded.fold(transitionIn(row, this.#endpointId(row.endpoint)))
    } catch (error) {
      if (!(error instanceof HooklineError)) throw error
      this.#folded = null
      const eventId = this.#idOf(row.event)
      this.#faults.add('record', error.message, { seq: row.seq, ...(eventId === undefined ? {} : { eventId }) })
    }
    return isNext
  }

  end(): EventTotals {
    this.#endEvent()
    this.#passOver(Infinity)
    return { events: this.#events, byStatus: this.#byStatus, attempts: this.#attempts }
  }

  #endEvent(): void {
    if (this.#number === -Infinity) return
    this.#events += 1
    this.#passOver(this.#number)
    const indexed = this.#next?.number === this.#number ? this.#next : undefined
    const row = this.#folded?.row() ?? null
    if (indexed !== undefined) this.#advance()
    if (this.#folded === null || row === null) {
      this.#count(indexed?.status ?? null)
      return
    }
    this.#attempts += this.#folded.attempts
    this.#count(row.status)
    if (indexed === undefined) {
      this.#faults.add('index', `event ${row.id} has records, and the index does not know it`, { eventId: row.id })
      return
    }
    this.#compare(row, indexed)
    this.#checkPlace(row, this.#folded)
  }

  #compare(row: EventRow, indexed: IndexedEvent): void {
    const differing = fields.filter((field) => {
      return row[field] !== indexed[field] && !(addedFields.has(field) && indexed[field] === null)
    })
    if (indexed.damaged) {
      this.#faults.add('index', `event ${row.id} is marked as damaged, and its records are not`, { eventId: row.id })
    }
    if (differing.length === 0) return
    // An idempotency key is the application's own text, and shown to nobody.
    const told = differing.map((field) => {
      return field === 'idempotencyKey' ? field : `${field} ${String(indexed[field])} instead of ${String(row[field])}`
    })
    this.#faults.add('index', `event ${row.id} is not what the index says: ${told.join(', ')}`, { eventId: row.id })
  }

  #checkPlace({ id, endpointId }: EventRow, folded: FoldedRow): void {
    const { lane, sequence } = folded.place
    const last = this.#lastPlace(endpointId, lane)
    if (sequence <= last) return
    const message = `event ${id} has place ${sequence} in its line, and the last that was given is ${last}`
    this.#faults.add('index', message, { eventId: id })
  }

  #count(status: number | null): void {
    const counted = status ?? 0
    this.#byStatus[counted] = (this.#byStatus[counted] ?? 0) + 1
  }

  /** Events of the index that have no records. */
  #passOver(before: number): void {
    while (this.#next !== undefined && this.#next.number < before) {
      const { id } = this.#next
      this.#faults.add('missing', `event ${id} has no records, and the index knows it`, { eventId: id })
      this.#advance()
    }
  }

  #idOf(number: number): string | undefined {
    this.#passOver(number)
    return this.#next?.number === number ? this.#next.id : undefined
  }

  #advance(): void {
    const { done, value } = this.#indexed.next()
    this.#next = done === true ? undefined : value
  }
}

const fields = [
  'id',
  'endpointId',
  'lane',
  'joined',
  'status',
  'settledAtMs',
  'bytes',
  'idempotencyKey',
  'type',
  'submittedAtMs',
] as const
/** Version 1 of the file had no such columns, and its rows were left as they were. */
const addedFields: ReadonlySet<string> = new Set(['type', 'submittedAtMs'])

/** @throws LogFormatError, DivergenceError when it is no record of an event, or not the one that its row says */
function transitionIn({ seq, kind, line }: RawRecord, endpointId: string | null): Transition {
  const record = parseRecord(line, seq)
  if (kind === recordKinds.event && !isEndpointTransition(record) && record.seq === seq) {
    if (record.endpointId === endpointId) return record
  }
  throw new DivergenceError(`record ${seq} is not what its row says`, seq)
}
