// Takes whole events out of the file, and endpoints' own records: what retention no longer keeps.
import { integerIn, integerOrNullIn } from './columns.ts'
import type { Counters } from './counters.ts'
import type { Database, Statement } from './driver/database.ts'
import { settledStatusOf } from './event-change.ts'
import { recordKinds } from './schema.ts'

export class Removals {
  readonly #findEvent: Statement
  readonly #lastRecord: Statement
  readonly #deleteRecords: Statement
  readonly #deleteEvent: Statement
  readonly #deleteRecord: Statement
  readonly #changes: Statement

  constructor(database: Database) {
    this.#findEvent = database.prepare('SELECT number, status FROM events WHERE id = ?')
    this.#lastRecord = database.prepare('SELECT max(seq) AS seq FROM records WHERE event = ?')
    this.#deleteRecords = database.prepare('DELETE FROM records WHERE event = ?')
    this.#deleteEvent = database.prepare('DELETE FROM events WHERE number = ?')
    this.#deleteRecord = database.prepare('DELETE FROM records WHERE seq = ? AND kind = ?')
    this.#changes = database.prepare('SELECT changes() AS changes')
  }

  removeEvent(eventId: string, counters: Counters): void {
    const row = this.#findEvent.get(eventId)
    if (row === undefined) return
    const number = integerIn(row, 'number')
    const status = settledStatusOf(integerOrNullIn(row, 'status'))
    counters.noteEvicted(integerOrNullIn(this.#lastRecord.get(number) ?? {}, 'seq') ?? 0)
    this.#deleteRecords.run(number)
    counters.evicted += this.#changed()
    this.#deleteEvent.run(number)
    if (status !== null) counters.settled[status] -= 1
  }

  removeEndpointRecord(seq: number, counters: Counters): void {
    this.#deleteRecord.run(seq, recordKinds.endpointHealth)
    counters.evicted += this.#changed()
  }

  /** A configuration that a later one has taken the place of. */
  removeConfiguration(seq: number, counters: Counters): void {
    this.#deleteRecord.run(seq, recordKinds.endpointConfiguration)
    counters.evicted += this.#changed()
  }

  #changed(): number {
    return integerIn(this.#changes.get() ?? {}, 'changes')
  }
}
