import { StorageError } from '../errors/errors.ts'
import type { Driver } from './driver/database.ts'
import { isBusy } from './retry-while-busy.ts'

export const used = 'a process has it open; stop its service first, or work on a backup'

/**
 * Refuses a file that a process has open. A reader that asks for an exclusive lock is told that the file is busy when it is;
 * when it is free, the system refuses such a lock on a file opened to be read, before SQLite has made anything.
 */
export function checkFree(path: string, driver: Driver): void {
  const probe = driver.open(path, { readOnly: true })
  try {
    probe.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = exclusive')
    probe.prepare('SELECT name FROM sqlite_schema LIMIT 1').get()
  } catch (error) {
    if (isBusy(error)) throw inUse(path, used)
  } finally {
    probe.close()
  }
}

export function inUse(path: string, why: string): StorageError {
  return new StorageError(`the log ${JSON.stringify(path)} cannot be opened: ${why}`, 'inUse', true)
}
