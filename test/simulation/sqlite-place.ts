import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogHome } from '../../src/log/log-home.ts'
import { DatabaseError } from '../../src/sqlite/driver/database.ts'
import type { Database, DriverName } from '../../src/sqlite/driver/database.ts'
import { resultCodes } from '../../src/sqlite/driver/result-codes.ts'
import { openLogFile } from '../../src/sqlite/open-file.ts'
import type { LogFile } from '../../src/sqlite/open-file.ts'
import { createSqliteLog } from '../../src/sqlite/sqlite-log.ts'
import type { LogPlace, LogPlacePorts } from '../../src/testing/index.ts'

/** SQLite files for the log of one simulated run: each crash leaves a copy of the file, as it was then, to the next life. */
export class SqlitePlace implements LogPlace {
  readonly #driver: DriverName
  readonly #folder: string
  #life = 1
  #file: LogFile | null = null

  /** @param folder where to put them; one in memory saves the disk the work */
  constructor(driver: DriverName, folder = tmpdir()) {
    this.#driver = driver
    this.#folder = mkdtempSync(join(folder, 'hookline-simulation-'))
  }

  open({ schedule, clock, isFull }: LogPlacePorts): LogHome {
    const open = (path: string): LogFile => {
      const file = openLogFile(path, { driver: this.#driver })
      this.#file = file
      return { ...file, database: withoutSpace(file.database, isFull) }
    }
    return createSqliteLog(this.#path(this.#life), { driver: this.#driver }, { open, schedule, clock })
  }

  crash(): void {
    const [from, to] = [this.#path(this.#life), this.#path(this.#life + 1)]
    copyFileSync(from, to)
    try {
      copyFileSync(`${from}-wal`, `${to}-wal`)
    } catch {
      // It was closed, and everything is in the file.
    }
    this.#life += 1
    try {
      this.#file?.close()
    } catch {
      // It was closed.
    }
    rmSync(from)
    rmSync(`${from}-wal`, { force: true })
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true })
  }

  #path(life: number): string {
    return join(this.#folder, `life-${life}.db`)
  }
}

/** A database on a disk that may be full: what is to be committed is written in part, and then there is no more space. */
function withoutSpace(database: Database, isFull: () => boolean): Database {
  return {
    driver: database.driver,
    prepare: (sql) => database.prepare(sql),
    close: () => database.close(),
    exec(sql) {
      if (sql === 'COMMIT' && isFull()) throw new DatabaseError('simulated', resultCodes.SQLITE_FULL, undefined)
      database.exec(sql)
    },
  }
}
