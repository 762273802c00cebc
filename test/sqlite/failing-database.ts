import { DatabaseError } from '../../src/sqlite/driver/database.ts'
import type { Database, DriverName, Statement } from '../../src/sqlite/driver/database.ts'
import { openLogFile } from '../../src/sqlite/open-file.ts'
import { freshPath } from '../support/sqlite-files.ts'
import { openLog } from './open-log.ts'
import type { HeldLog } from './open-log.ts'

/** A database of which one statement fails, as it would on a bad day. */
export interface FailingDatabase extends Database {
  /**
   * From now on, the statement run `number`-th (from 1) fails with this extended result code.
   *
   * @param rollsBack whether SQLite then rolls back by itself, as it does for some faults
   */
  failAt(number: number, resultCode: number, rollsBack?: boolean): void
  /** Nothing fails any more. Returns whether something has. */
  heal(): boolean
}

/** A log whose database fails when it is told to. */
export interface FailingLog extends HeldLog {
  readonly database: FailingDatabase
}

export function openFailingLog(driver: DriverName, path = freshPath()): FailingLog {
  let database: FailingDatabase | null = null
  const held = openLog(driver, path, {
    open: (real) => {
      const file = openLogFile(real, { driver })
      database = failingDatabase(file.database)
      return { ...file, database }
    },
  })
  return { ...held, database: database! }
}

function failingDatabase(database: Database): FailingDatabase {
  let left = Infinity
  let code = 0
  let failed = false
  let rollsBack = false
  const attempt = <T>(act: () => T): T => {
    left -= 1
    if (left !== 0) return act()
    failed = true
    if (rollsBack) rollBack(database)
    throw new DatabaseError('injected by a test', code, undefined)
  }
  const wrap = (statement: Statement): Statement => ({
    run: (...values) => attempt(() => statement.run(...values)),
    get: (...values) => attempt(() => statement.get(...values)),
    all: (...values) => attempt(() => statement.all(...values)),
  })
  return {
    driver: database.driver,
    exec: (sql) => attempt(() => database.exec(sql)),
    prepare: (sql) => wrap(database.prepare(sql)),
    close: () => database.close(),
    failAt(number, resultCode, byItself = false) {
      left = number
      code = resultCode
      failed = false
      rollsBack = byItself
    },
    heal() {
      left = Infinity
      return failed
    },
  }
}

function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // It was the BEGIN that failed.
  }
}
