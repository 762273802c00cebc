// What the file tells of events, by its index. Only of what is committed, and of nothing that is about to be removed.
import type { DamagedEvent, StoredBacklog, StoredEvent, StoredEvents, StoredTotals } from '../log/stored-events.ts'
import type { SweepPolicy, Swept, WaitingPage, WaitingQuery } from '../log/stored-events.ts'
import { integerIn, textIn } from './columns.ts'
import type { CommittedState } from './committed-state.ts'
import type { Row } from './driver/database.ts'
import { EventReader, eventColumns } from './event-reader.ts'
import type { FileReading, Query } from './file-reading.ts'
import type { RetentionSweep } from './retention-sweep.ts'

export class StoredEventsInFile implements StoredEvents {
  readonly #state: CommittedState
  readonly #events: EventReader
  readonly #sweep: RetentionSweep
  readonly #exists: Query
  readonly #byId: Query
  readonly #byKey: Query
  readonly #backlogs: Query
  readonly #waiting: Query
  readonly #waitingInLane: Query
  readonly #countAhead: Query
  readonly #deadLetters: Query
  readonly #unsettled: Query
  readonly #lastSequence: Query

  constructor(reading: FileReading, state: CommittedState, sweep: RetentionSweep) {
    this.#state = state
    this.#events = new EventReader(reading)
    this.#sweep = sweep
    this.#exists = reading.query('SELECT 1 FROM events WHERE id = ?')
    this.#byId = reading.query(`${eventColumns} WHERE events.id = ?`)
    this.#byKey = reading.query(`${eventColumns} WHERE endpoints.id = ? AND idempotency_key = ?`)
    this.#backlogs = reading.query(
      'SELECT endpoints.id AS id, backlog.events, backlog.bytes, backlog.held_lines FROM (' +
        'SELECT endpoint, sum(status IS NULL) AS events, sum(iif(status IS NULL, bytes, 0)) AS bytes, ' +
        'sum(status IS NOT NULL) AS held_lines FROM events WHERE joined IS NOT NULL GROUP BY endpoint' +
        ') AS backlog JOIN endpoints ON endpoints.number = backlog.endpoint ORDER BY endpoints.number',
    )
    this.#waiting = reading.query(`${eventColumns} WHERE endpoints.id = ? AND joined > ? ORDER BY joined LIMIT ?`)
    this.#waitingInLane = reading.query(
      `${eventColumns} WHERE endpoints.id = ? AND lane = ? AND joined > ? UNION ALL ` +
        `${eventColumns} WHERE endpoints.id = ? AND lane IS NULL AND events.id = ? AND joined > ? ` +
        'ORDER BY joined LIMIT ?',
    )
    this.#countAhead = reading.query(
      'SELECT count(*) AS ahead FROM events JOIN endpoints ON endpoints.number = events.endpoint ' +
        'WHERE endpoints.id = ? AND lane = ? AND joined < ?',
    )
    this.#deadLetters = reading.query(
      `${eventColumns} WHERE endpoints.id = ? AND status = 3 ORDER BY settled_at, events.number`,
    )
    this.#unsettled = reading.query(
      'SELECT events.id AS id, endpoints.id AS endpoint_id FROM events ' +
        'JOIN endpoints ON endpoints.number = events.endpoint ' +
        'WHERE joined IS NOT NULL AND status IS NULL ORDER BY events.number LIMIT ?',
    )
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
    return this.#backlogs.all().map((row) => ({
      endpointId: textIn(row, 'id'),
      events: integerIn(row, 'events'),
      bytes: integerIn(row, 'bytes'),
      heldLines: integerIn(row, 'held_lines'),
    }))
  }

  waiting({ endpointId, laneKey, afterSeq, limit }: WaitingQuery): WaitingPage {
    const events: StoredEvent[] = []
    const damaged: DamagedEvent[] = []
    let after = afterSeq
    for (let wanted = limit; wanted > 0; wanted = limit - events.length - damaged.length) {
      const rows =
        laneKey === undefined
          ? this.#waiting.all(endpointId, after, wanted)
          : this.#waitingInLane.all(endpointId, laneKey, after, endpointId, laneKey, after, wanted)
      for (const row of rows) {
        after = integerIn(row, 'joined')
        // It was told of, and is only not out of its line in the file yet.
        if (this.#state.group.damagedEvents.has(integerIn(row, 'number'))) continue
        const read = this.#events.tryRead(row)
        if (!('error' in read)) events.push(read)
        else damaged.push(this.#quarantined(read, integerIn(row, 'number')))
      }
      if (rows.length < wanted) break
    }
    return { events, damaged }
  }

  countAhead(endpointId: string, laneKey: string, joinedSeq: number): number {
    return integerIn(this.#countAhead.get(endpointId, laneKey, joinedSeq) ?? {}, 'ahead')
  }

  deadLetters(endpointId: string): readonly StoredEvent[] {
    const events: StoredEvent[] = []
    for (const row of this.#deadLetters.all(endpointId)) {
      if (this.#removes(textIn(row, 'id'))) continue
      const read = this.#events.tryRead(row)
      if (!('error' in read)) events.push(read)
    }
    return events
  }

  unsettled(limit: number): readonly { readonly eventId: string; readonly endpointId: string }[] {
    return this.#unsettled
      .all(limit)
      .map((row) => ({ eventId: textIn(row, 'id'), endpointId: textIn(row, 'endpoint_id') }))
  }

  lastSequence(endpointId: string, laneKey: string): number {
    const row = this.#lastSequence.get(endpointId, laneKey)
    return row === undefined ? 0 : integerIn(row, 'sequence')
  }

  totals(): StoredTotals {
    const { submitted, attempts, settled } = this.#state.counters
    return { submitted, attempts, settled: { ...settled } }
  }

  sweep(policy: SweepPolicy): Swept {
    return this.#sweep.step(policy)
  }

  #read(row: Row | undefined): StoredEvent | null {
    return row === undefined || this.#removes(textIn(row, 'id')) ? null : this.#events.read(row)
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
