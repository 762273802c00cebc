import { copyFileSync, constants, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkFree, inUse, used } from './check-free.ts'
import { checkWal } from './check-wal.ts'
import { isClaimed } from './claimed-files.ts'
import { chooseDriver } from './driver/choose-driver.ts'
import type { Database, Driver } from './driver/database.ts'
import { toStorageError } from './faults.ts'
import { checkFileHeader, unknownFormat } from './file-header.ts'
import { identifyFile } from './file-identity.ts'
import { readLogPath } from './log-path.ts'
import { migrate } from './migrations.ts'
import type { OpenOptions } from './open-file.ts'
import { readPragma, setFirstPragmas } from './pragmas.ts'
import { checkSqliteVersion } from './sqlite-version.ts'

/** A log's file, opened to be read by a tool while no service has it. */
export interface ReadLogFile {
  readonly database: Database
  /** The file that was asked for: absolute, without links. */
  readonly path: string
  readonly close: () => void
}

/**
 * Opens a log's file for a tool, which neither changes it nor leaves anything beside it.
 *
 * What is read is a copy, made in the folder for temporary files (`TMPDIR`) and gone with the process. SQLite reads no file in
 * WAL mode in place without making files beside it, and moves a `-wal` that a crash has left into the file as it closes it:
 * the file that someone wants to have checked would be another one after the check. File systems that can share the content of
 * two files do so, others need the space once more.
 *
 * @throws InvalidOptionError, MissingDependencyError, StorageError: `inUse` when a process has it open
 */
export function openLogFileForReading(path: string, options: Omit<OpenOptions, 'busyTimeoutMs'> = {}): ReadLogFile {
  const given = readLogPath(path)
  const { driver: wanted, loadDriver = chooseDriver } = options
  const driver = loadDriver(wanted)
  let folder: string | undefined
  try {
    const real = realpathSync(given)
    checkFile(real)
    checkFree(real, driver)
    folder = mkdtempSync(join(tmpdir(), 'hookline-read-'))
    const database = openCopy(driver, real, copyFiles(real, folder))
    return { database, path: real, close: () => database.close() }
  } catch (error) {
    throw error instanceof Error && error.name === 'MissingDependencyError' ? error : toStorageError(error, given)
  } finally {
    // The copy is open, and goes with its last handle: also when the process is killed.
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
}

function checkFile(path: string): void {
  const found = statSync(path)
  if (!found.isFile()) throw unknownFormat(path, 'it is no file')
  if (found.size === 0) throw unknownFormat(path, 'it is empty')
  const identity = identifyFile(path)
  if (identity !== undefined && isClaimed(identity)) throw inUse(path, used)
  checkFileHeader(path)
}

/** Copies the file and what a crash has left beside it, and sees that nobody has written meanwhile. */
function copyFiles(path: string, folder: string): string {
  const copy = join(folder, 'log.db')
  const endings = ['', '-wal', '-journal'].filter((ending) => statSync(path + ending, { throwIfNoEntry: false }))
  const before = endings.map((ending) => stampOf(path + ending))
  for (const ending of endings) copyFileSync(path + ending, copy + ending, constants.COPYFILE_FICLONE)
  if (endings.some((ending, index) => stampOf(path + ending) !== before[index])) {
    throw inUse(path, 'a process has begun to write to it; stop its service first, or work on a backup')
  }
  checkWal(copy, path)
  return copy
}

function stampOf(path: string): string {
  const { ino, size, mtimeNs } = statSync(path, { bigint: true })
  return `${ino} ${size} ${mtimeNs}`
}

function openCopy(driver: Driver, path: string, copy: string): Database {
  const database = driver.open(copy, { readOnly: false })
  try {
    setFirstPragmas(database, copy)
    checkSqliteVersion(database)
    // The first access, which opens all that there is to open.
    if (Number(readPragma(database, 'user_version')) === 0) throw unknownFormat(path, 'it holds nothing yet')
    migrate(database)
    database.exec('PRAGMA query_only = ON')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
