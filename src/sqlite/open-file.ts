import { accessSync, closeSync, constants, existsSync, openSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StorageError } from '../errors/errors.ts'
import { checkFree, inUse } from './check-free.ts'
import { checkWal } from './check-wal.ts'
import { claimFile } from './claimed-files.ts'
import { chooseDriver } from './driver/choose-driver.ts'
import type { Database, Driver, DriverName } from './driver/database.ts'
import { toStorageError } from './faults.ts'
import { applicationId, checkFileHeader, checkVersion, unknownFormat } from './file-header.ts'
import { guardIdentity, identifyFile } from './file-identity.ts'
import { readLogPath } from './log-path.ts'
import { migrate, rollBack } from './migrations.ts'
import { readPragma, setFirstPragmas, setPragmas } from './pragmas.ts'
import { retryWhileBusy } from './retry-while-busy.ts'
import { checkSqliteVersion } from './sqlite-version.ts'

/** A log's file, open for this process alone. */
export interface LogFile {
  readonly database: Database
  /** The file itself: absolute, without links. Beside it stands the `-wal`. */
  readonly path: string
  /** Throws StorageError `replaced` when the file or its `-wal` was removed or replaced: to be asked after each commit, before anyone is told of it. */
  readonly checkIdentity: () => void
  readonly close: () => void
}

export interface OpenOptions {
  /** @default Node's own where it has one, else better-sqlite3 */
  readonly driver?: DriverName | undefined
  /**
   * How long to wait for a process that has the file and is about to end. The thread stands still meanwhile.
   *
   * @default 5000
   */
  readonly busyTimeoutMs?: number
  readonly loadDriver?: (wanted?: DriverName) => Driver
}

/**
 * Opens a log's file, or makes it, readable by its owner alone. From then on no other process can open it.
 *
 * @throws InvalidOptionError, MissingDependencyError, StorageError
 */
export function openLogFile(path: string, options: OpenOptions = {}): LogFile {
  const given = readLogPath(path)
  const { driver: wanted, busyTimeoutMs = 5000, loadDriver = chooseDriver } = options
  const driver = loadDriver(wanted)
  try {
    createFile(given)
    const real = realpathSync(given)
    const release = claim(real)
    try {
      checkFileHeader(real)
      checkLeftWal(real, driver)
      return retryWhileBusy(() => openChecked(real, driver, release), busyTimeoutMs)
    } catch (error) {
      release()
      throw error
    }
  } catch (error) {
    throw error instanceof Error && error.name === 'MissingDependencyError' ? error : toStorageError(error, given)
  }
}

/** Makes the file where there is none. What stands there and is no file is refused: SQLite would wait on a pipe. */
function createFile(path: string): void {
  const folder = dirname(path)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw notOpened(path, `there is no folder ${JSON.stringify(folder)}; make it first`)
  }
  // SQLite makes the -wal beside the file.
  checkWritable(path, folder)
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error
    if (!statSync(path).isFile()) throw notOpened(path, 'it is no file')
    // SQLite would open it all the same, to read.
    checkWritable(path, path)
  }
}

function checkWritable(path: string, needed: string): void {
  try {
    accessSync(needed, constants.W_OK)
  } catch (cause) {
    const why = `${JSON.stringify(needed)} cannot be written by this process; see its permissions and its file system`
    throw new StorageError(`the log ${JSON.stringify(path)} cannot be opened: ${why}`, 'readOnly', false, cause)
  }
}

function claim(path: string): () => void {
  const identity = identifyFile(path)
  if (identity === undefined) throw notOpened(path, 'it was removed')
  const release = claimFile(identity)
  if (release === undefined) throw inUse(path, 'this process has it open already; close the service that uses it first')
  return release
}

/** Before SQLite sees it, which would move what it can read of it into the file, and remove it. */
function checkLeftWal(path: string, driver: Driver): void {
  try {
    checkWal(path)
  } catch (error) {
    // What another process is writing at the moment may seem damaged.
    checkFree(path, driver)
    throw error
  }
}

function openChecked(path: string, driver: Driver, release: () => void): LogFile {
  const database = driver.open(path, { readOnly: false })
  try {
    setFirstPragmas(database, path)
    checkSqliteVersion(database)
    takeLock(database, path)
    setPragmas(database, path)
    checkVersion(path, Number(readPragma(database, 'user_version')))
    migrate(database)
    // The first access has made the -wal, and it stays until the file is closed.
    const checkIdentity = guardIdentity([path, `${path}-wal`])
    const close = (): void => {
      try {
        database.close()
      } finally {
        release()
      }
    }
    return { database, path, checkIdentity, close }
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Takes the lock that no one else gets until the file is closed, and marks an empty file as ours in the very transaction that
 * writes its first page: from its first byte on, the file says whose it is.
 */
function takeLock(database: Database, path: string): void {
  // With a journal left beside it, it may prove to be empty once that was rolled back.
  const maybeEmpty = statSync(path).size === 0 || existsSync(`${path}-journal`)
  database.exec(maybeEmpty ? 'BEGIN' : 'BEGIN EXCLUSIVE')
  try {
    // It writes the first page, if there is none; later it would have no effect.
    if (maybeEmpty) database.exec('PRAGMA auto_vacuum = INCREMENTAL')
    if (readPragma(database, 'application_id') !== applicationId) {
      const tables = database.prepare('SELECT name FROM sqlite_schema LIMIT 1').get()
      if (tables !== undefined) throw unknownFormat(path, 'it is the database of another application')
      database.exec(`PRAGMA application_id = ${applicationId}`)
    }
    database.exec('COMMIT')
  } catch (error) {
    rollBack(database)
    throw error
  }
}

function notOpened(path: string, why: string): StorageError {
  return new StorageError(`the log ${JSON.stringify(path)} cannot be opened: ${why}`, 'notOpened', false)
}
