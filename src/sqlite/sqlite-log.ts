import type { Clock } from '../clock/clock.ts'
import { afterLoopTurn } from '../clock/loop-turn.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { LogHome } from '../log/log-home.ts'
import { OptionReader } from '../options/option-reader.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { secretBox } from '../sealing/secret-box.ts'
import type { SecretKey } from '../sealing/secret-keys.ts'
import type { DriverName } from './driver/database.ts'
import { toStorageError } from './faults.ts'
import { openLogFile } from './open-file.ts'
import { SqliteHome } from './sqlite-home.ts'
import type { OpenLog } from './sqlite-home.ts'

export interface SqliteLogOptions {
  /**
   * The package that opens the file.
   *
   * @default 'node:sqlite' where this Node has it (22.13 or newer), else 'better-sqlite3', which must then be installed
   */
  readonly driver?: DriverName | undefined
  /** Keys that seal what is stored of endpoints: the first seals, all open. @default none: it is stored as it is */
  readonly secretKeys?: readonly SecretKey[] | undefined
}

/** What a test or a simulation puts in the place of the machine's own. */
export interface SqliteLogPorts {
  readonly open: (path: string, driver: DriverName | undefined) => OpenLog
  readonly schedule: (commit: () => void) => void
  readonly clock: Clock
}

const machinePorts: SqliteLogPorts = {
  open: (path, driver) => openLogFile(path, { driver }),
  schedule: afterLoopTurn,
  clock: systemClock,
}

/** The home that `sqliteLog` gives. */
export type SqliteLog = LogHome & Pick<SqliteHome, 'backup'>

/**
 * A log that is kept in the SQLite file `path`, which is made where there is none. What was submitted before `flush()`
 * resolved survives the process and the machine's power. One process at a time may have the file.
 *
 * @throws InvalidOptionError
 * @throws MissingDependencyError when there is no driver
 * @throws StorageError when the file cannot be opened or is no log
 */
export function sqliteLog(path: string, options?: SqliteLogOptions): SqliteLog {
  return createSqliteLog(path, options, machinePorts)
}

/** The same, in a world of the caller's making. */
export function createSqliteLog(path: string, options: unknown, ports: Partial<SqliteLogPorts>): SqliteHome {
  const { open, schedule, clock } = { ...machinePorts, ...ports }
  const reader = new OptionReader(options, '', ['driver', 'secretKeys'])
  const driver = readDriver(reader)
  const box = secretBox(reader.given('secretKeys'))
  const log = open(path, driver)
  try {
    return new SqliteHome(log, { schedule, clock, secretBox: box })
  } catch (error) {
    log.close()
    throw toStorageError(error, log.path)
  }
}

function readDriver(reader: OptionReader): DriverName | undefined {
  const driver = reader.given('driver')
  if (driver === undefined || driver === 'node:sqlite' || driver === 'better-sqlite3') return driver
  return refuseOption('driver', "must be 'node:sqlite' or 'better-sqlite3'", driver)
}
