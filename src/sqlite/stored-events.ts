// What the file tells of events, by its index. Only of what is committed, and of nothing that is about to be removed.
import type {
  DamagedEvent,
  ScannedPage,
  ScanQuery,
  StoredBacklog,
  StoredEvent,
  StoredEvents,
  StoredTotals,
} from '../log/stored-events.ts'
import type { SweepPolicy, Swept, WaitingPage, WaitingQuery } from '../log/stored-events.ts'
import { integerIn, textIn } from './columns.ts'
import type { CommittedState } from './committed-state.ts'
import { DeadLetterCount } from './dead-letter-count.ts'
import type { Row } from './driver/database.ts'
import { EventReader, indexColumns } from './event-reader.ts'
import { EventScan } from './event-scan.ts'
import type { FileReading, Query } from './file-reading.ts'
import type { RetentionSweep } from './retention-sweep.ts'
import { WaitingEvents } from './waiting-events.ts'

export class StoredEventsInFile implements StoredEvents {
  readonly #state: CommittedState
  readonly #events: EventReader
  readonly #sweep: RetentionSweep
  readonly #exists: Query
  readonly #byId: Query
  readonly #byKey: Query
  readonly #waiting: WaitingEvents
  readonly #scan: EventScan
  readonly #deadLetters: Query
  readonly #deadLetterCount: DeadLetterCount
  readonly #lastSequence: Query

  constructor(reading: FileReading, state: CommittedState, sweep: RetentionSweep) {
    this.#state = state
    this.#events = new EventReader(reading)
    this.#sweep = sweep
    this.#exists = reading.query('SELECT 1 FROM events WHERE id = ?')
    this.#waiting = new WaitingEvents(reading)
    this.#scan = new EventScan(reading)
    const select = `SELECT ${indexColumns}, endpoint_id FROM events JOIN (
      SELECT number AS endpoint, id AS endpoint_id FROM endpoints
    ) USING (endpoint)`
    this.#byId = reading.query(`${select} WHERE id = ?`)
    this.#byKey = reading.query(`${select} WHERE endpoint_id = ? AND idempotency_key = ?`)
    this.#deadLetters = reading.query(`${select} WHERE endpoint_id = ? AND status = 3 ORDER BY settled_at, number`)
    this.#deadLetterCount = new DeadLetterCount(reading, state)
    this.#lastSequence = reading.query(
      'SELECT sequence FROM lines JOIN endpoints ON endpoints.number = lines.endpoint WHERE id = ? AND lane = ?',
    )
  }

  has(eventId: string): boolean {
    return !this.#removes(eventId) && this.#exists.get(eventId) !== undefined
  }

  find(eventId: string): StoredEvent | null {
    return this.#read(this.#byId.get(eventId))
  }

  findByIdempotencyKey(endpointId: string, key: string): StoredEvent | null {
    return this.#read(this.#byKey.get(endpointId, key))
  }

  backlogs(): readonly StoredBacklog[] {
    return this.#waiting.backlogs()
  }

  waiting(query: WaitingQuery): WaitingPage {
    const events: StoredEvent[] = []
    const damaged: DamagedEvent[] = []
    let { afterSeq } = query
    for (let limit = query.limit; limit > 0; limit = query.limit - events.length - damaged.length) {
      const rows = this.#waiting.rows({ ...query, afterSeq, limit })
      const last = rows.at(-1)
      if (last === undefined) break
      afterSeq = integerIn(last, 'joined')
      // What was told of as damaged is only not out of its line in the file yet.
      const { damagedEvents } = this.#state.group
      const untold = rows.filter((row) => !damagedEvents.has(integerIn(row, 'number')))
      for (const [index, read] of this.#events.tryReadAll(untold, query.endpointId).entries()) {
        if ('error' in read) damaged.push(this.#quarantined(read, integerIn(untold[index] ?? {}, 'number')))
        else events.push(read)
      }
      if (rows.length < limit) break
    }
    return { events, damaged }
  }

  countAhead(endpointId: string, laneKey: string, joinedSeq: number): number {
    return this.#waiting.countAhead(endpointId, laneKey, joinedSeq)
  }

  deadLetters(endpointId: string): readonly StoredEvent[] {
    const rows = this.#deadLetters.all(endpointId).filter((row) => !this.#removes(textIn(row, 'id')))
    return this.#events.tryReadAll(rows, endpointId).filter((read): read is StoredEvent => !('error' in read))
  }

  countDeadLetters(endpointId: string): number {
    return this.#deadLetterCount.of(endpointId)
  }

  unsettled(limit: number): readonly { readonly eventId: string; readonly endpointId: string }[] {
    return this.#waiting.unsettled(limit)
  }

  lastSequence(endpointId: string, laneKey: string): number {
    const row = this.#lastSequence.get(endpointId, laneKey)
    return row === undefined ? 0 : integerIn(row, 'sequence')
  }

  scan(query: ScanQuery): ScannedPage {
    return this.#scan.page(query, (eventId) => this.#removes(eventId))
  }

  totals(): StoredTotals {
    const { submitted, attempts, settled } = this.#state.counters
    return { submitted, attempts, settled: { ...settled } }
  }

  sweep(policy: SweepPolicy): Swept {
    return this.#sweep.step(policy)
  }

  #read(row: Row | undefined): StoredEvent | null {
    return row === undefined || this.#removes(textIn(row, 'id'))
      ? null
      : this.#events.read(row, textIn(row, 'endpoint_id'))
  }

  #removes(eventId: string): boolean {
    return this.#state.group.removedEvents.has(eventId)
  }

  /** It is out of its line with the next commit. */
  #quarantined(event: DamagedEvent, number: number): DamagedEvent {
    this.#state.group.damagedEvents.add(number)
    this.#state.wanted()
    return event
  }
}
