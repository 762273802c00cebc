import type { Database, Driver, Row, Statement, Value } from '../../../src/sqlite/driver/database.ts'
import type { KillSwitch } from './kill-switch.ts'

/** What a transaction turned out to be for, by the statements in it. */
type Purpose = 'open' | 'group' | 'sweep' | 'migration'

const checkpointEvery = 5

/** The same driver, with the places passed at which the process may be killed. `opened` is given each database it opens. */
export function watchDriver(driver: Driver, kill: KillSwitch, opened: (database: Database) => void): Driver {
  return {
    name: driver.name,
    open(path, options) {
      kill.pass('open: before the file is opened')
      const database = driver.open(path, options)
      opened(database)
      return new WatchedDatabase(database, kill)
    },
  }
}

class WatchedDatabase implements Database {
  readonly driver: Database['driver']
  readonly #database: Database
  readonly #kill: KillSwitch
  /** Null: no transaction is open. */
  #purpose: Purpose | null = null
  /** Whether a group was ever about to be written. */
  #inUse = false
  #commits = 0

  constructor(database: Database, kill: KillSwitch) {
    this.driver = database.driver
    this.#database = database
    this.#kill = kill
  }

  exec(sql: string): void {
    this.#run(sql, () => this.#database.exec(sql))
  }

  prepare(sql: string): Statement {
    if (/^\s*INSERT INTO records/.test(sql)) this.#inUse = true
    const statement = this.#database.prepare(sql)
    return {
      run: (...values: readonly Value[]): void => this.#run(sql, () => statement.run(...values)),
      get: (...values: readonly Value[]): Row | undefined =>
        this.#toldOfEmptyPages(sql) ?? this.#run(sql, () => statement.get(...values)),
      all: (...values: readonly Value[]): Row[] => this.#run(sql, () => statement.all(...values)),
    }
  }

  close(): void {
    this.#kill.pass('shutdown: before the file is closed')
    this.#kill.pass('shutdown: within closing the file')
    this.#database.close()
    this.#kill.pass('shutdown: the file is closed')
  }

  #run<T>(sql: string, act: () => T): T {
    const verb = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase()
    if (verb === 'BEGIN') return this.#begin(act)
    if (verb === 'COMMIT' || verb === 'END') return this.#commit(act)
    if (/incremental_vacuum/i.test(sql)) return this.#around('compaction', act)
    if (/wal_checkpoint/i.test(sql)) return this.#around('checkpoint', act)
    const result = act()
    if (verb === 'ROLLBACK') this.#purpose = null
    else this.#ran(sql, verb)
    return result
  }

  #begin<T>(act: () => T): T {
    if (this.#inUse) this.#kill.pass('group: before BEGIN')
    const result = act()
    this.#purpose = this.#inUse ? 'group' : 'open'
    if (this.#inUse) this.#kill.pass('group: begun')
    return result
  }

  #ran(sql: string, verb: string | undefined): void {
    if (verb === 'CREATE' || verb === 'ALTER') {
      if (this.#purpose !== 'migration') this.#kill.pass('migration: begun')
      this.#purpose = 'migration'
    } else if (this.#inUse && verb === 'DELETE' && /\brecords WHERE event\b/i.test(sql)) {
      this.#purpose = 'sweep'
    }
    if (this.#purpose !== null) this.#kill.pass(`${this.#purpose}: a statement was run`)
    else if (!this.#inUse) this.#kill.pass('open: a statement was run')
  }

  #commit<T>(act: () => T): T {
    const purpose = this.#purpose ?? 'open'
    const isFirst = this.#inUse && (this.#commits += 1) === 1
    if (isFirst) this.#kill.pass('restart: before the first commit')
    if (purpose !== 'open') this.#kill.pass(`${purpose}: before COMMIT`)
    if (purpose === 'group' || purpose === 'sweep') this.#kill.pass(`${purpose}: within COMMIT`)
    const result = act()
    this.#purpose = null
    if (purpose !== 'open') this.#kill.pass(`${purpose}: after COMMIT`)
    if (isFirst) this.#kill.pass('restart: after the first commit')
    this.#checkpointNowAndThen()
    return result
  }

  /** SQLite checkpoints within a COMMIT now and then; one of its own can be hit. */
  #checkpointNowAndThen(): void {
    if (this.#kill.place?.startsWith('checkpoint') !== true || this.#commits % checkpointEvery !== 0) return
    this.#around('checkpoint', () => this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)'))
  }

  /** Pages are given back to the system only when very many are empty: this life is told that they are. */
  #toldOfEmptyPages(sql: string): Row | undefined {
    if (this.#kill.place?.startsWith('compaction') !== true || !/freelist_count/i.test(sql)) return undefined
    return { freelist_count: 1_000_000 }
  }

  #around<T>(what: 'compaction' | 'checkpoint', act: () => T): T {
    this.#kill.pass(`${what}: before`)
    this.#kill.pass(`${what}: within`)
    const result = act()
    this.#kill.pass(`${what}: after`)
    return result
  }
}
