// One event as its records tell of it. The index says where they are and is checked against them: the log is right.
import { DivergenceError } from '../errors/errors.ts'
import type { SubmittedTransition } from '../event/event-record.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import type { DamagedEvent, StoredEvent } from '../log/stored-events.ts'
import { isEndpointTransition } from '../log/transition.ts'
import type { LogRecord } from '../log/transition.ts'
import { foldTransition } from '../replay/fold.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import { integerIn, integerOrNullIn, textIn } from './columns.ts'
import type { Row } from './driver/database.ts'
import { settledStatusOf } from './event-change.ts'
import type { FileReading, Query } from './file-reading.ts'
import { readRecord } from './record-reader.ts'

/** The columns of `events` that {@link EventReader} reads. */
export const indexColumns = 'number, id, joined, status, bytes'

export class EventReader {
  readonly #records: Query
  readonly #recordsOfAll: Query

  constructor(reading: FileReading) {
    const records = 'SELECT event, seq, line, previous, sum FROM records WHERE event'
    this.#records = reading.query(`${records} = ? ORDER BY seq`)
    this.#recordsOfAll = reading.query(`${records} IN (SELECT value FROM json_each(?)) ORDER BY event, seq`)
  }

  /** @throws DivergenceError, StorageError */
  read(row: Row, endpointId: string): StoredEvent {
    const read = fold(row, endpointId, this.#records.all(integerIn(row, 'number')))
    if ('error' in read) throw read.error
    return read
  }

  /** Several events of one endpoint, by one query: in the order of the rows. @throws StorageError */
  tryReadAll(rows: readonly Row[], endpointId: string): readonly (StoredEvent | DamagedEvent)[] {
    const numbers = rows.map((row) => integerIn(row, 'number'))
    const byEvent = new Map<number, Row[]>(numbers.map((number) => [number, []]))
    if (rows.length > 0) {
      for (const record of this.#recordsOfAll.all(JSON.stringify(numbers))) {
        byEvent.get(integerIn(record, 'event'))?.push(record)
      }
    }
    return rows.map((row) => fold(row, endpointId, byEvent.get(integerIn(row, 'number')) ?? []))
  }
}

function fold(row: Row, endpointId: string, records: readonly Row[]): StoredEvent | DamagedEvent {
  const folding = new FoldingRecords(row, endpointId)
  try {
    for (const record of records) folding.fold(readRecord(record))
    return folding.finish()
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error
    return folding.damaged(error)
  }
}

/** The records of one event, one after the other. */
class FoldingRecords {
  readonly #number: number
  readonly #eventId: string
  readonly #endpointId: string
  /** As the index has them. */
  readonly #joined: number | null
  readonly #status: number | null
  readonly #bytes: number
  #submitted: SubmittedTransition | null = null
  #state: RestingDelivery | null = null
  #joinedSeq = 0
  #lastAt = ''

  constructor(row: Row, endpointId: string) {
    this.#number = integerIn(row, 'number')
    this.#eventId = textIn(row, 'id')
    this.#endpointId = endpointId
    this.#joined = integerOrNullIn(row, 'joined')
    this.#status = integerOrNullIn(row, 'status')
    this.#bytes = integerIn(row, 'bytes')
  }

  fold(record: LogRecord): void {
    if (isEndpointTransition(record) || record.eventId !== this.#eventId || record.endpointId !== this.#endpointId) {
      throw this.#diverged(record.seq, 'it is of another event or endpoint')
    }
    const before = this.#state
    this.#state = foldTransition(before, record)
    if (before === null) this.#submitted = record as SubmittedTransition // what foldTransition has just made sure of
    if (joinsLine(before, this.#state)) this.#joinedSeq = record.seq
    this.#lastAt = record.at
  }

  finish(): StoredEvent {
    const state = this.#state
    if (this.#submitted === null || state === null) throw this.#diverged(this.#number, 'the event has no records')
    const status = isSettled(state.value) ? state.value : null
    const inLine = status === null || state.context.holdsLine
    if (settledStatusOf(this.#status) !== status || this.#joined !== (inLine ? this.#joinedSeq : null)) {
      throw this.#diverged(this.#number, `the event is ${state.value} by its records, and not so by the index`)
    }
    return { submitted: this.#submitted, state, joinedSeq: this.#joinedSeq, lastAt: this.#lastAt }
  }

  damaged(error: DivergenceError): DamagedEvent {
    return {
      eventId: this.#eventId,
      endpointId: this.#endpointId,
      eventType: this.#submitted?.event.eventType ?? '',
      joinedSeq: this.#joined ?? 0,
      bytes: this.#joined !== null && this.#status === null ? this.#bytes : 0,
      error,
    }
  }

  #diverged(seq: number, why: string): DivergenceError {
    return new DivergenceError(`record ${seq} of event ${this.#eventId} does not follow: ${why}`, seq)
  }
}

/** Whether the step puts the event at the end of its line. One that held its line until then is its first again. */
function joinsLine(before: RestingDelivery | null, after: RestingDelivery): boolean {
  if (before === null) return true
  return isSettled(before.value) && !before.context.holdsLine && !isSettled(after.value)
}
