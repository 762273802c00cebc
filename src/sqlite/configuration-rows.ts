// Which record holds an endpoint's configuration: the latest. The one before it goes, and with it the secrets it held.
import { integerOrNullIn } from './columns.ts'
import type { Counters } from './counters.ts'
import type { Database, Statement } from './driver/database.ts'
import type { Removals } from './removals.ts'

export class ConfigurationRows {
  readonly #find: Statement
  readonly #update: Statement
  readonly #removals: Removals

  constructor(database: Database, removals: Removals) {
    this.#find = database.prepare('SELECT configuration FROM endpoints WHERE number = ?')
    this.#update = database.prepare('UPDATE endpoints SET configuration = ? WHERE number = ?')
    this.#removals = removals
  }

  /** `seq` is null when the endpoint was removed. */
  replace(endpoint: number, seq: number | null, counters: Counters): void {
    const before = integerOrNullIn(this.#find.get(endpoint) ?? {}, 'configuration')
    if (before !== null) this.#removals.removeConfiguration(before, counters)
    this.#update.run(seq, endpoint)
  }
}
