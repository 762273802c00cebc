import { StorageError } from '../errors/errors.ts'
import type { Database, Value } from './driver/database.ts'

/** A setting of the connection: how it is set, and what SQLite then must say. */
interface Pragma {
  readonly name: string
  readonly set: string | number
  readonly reads: string | number
}

const pragma = (name: string, set: string | number, reads: string | number = set): Pragma => ({ name, set, reads })

/** At most this much of the file is kept in memory, in KiB. */
const cacheKiB = 16 * 1024
/** Pages after which the -wal is moved into the file: 4 MiB. */
const checkpointPages = 1000
/** To this the -wal is cut after it was moved into the file; a long transaction makes it longer. */
const walBytes = 16 * 1024 * 1024

const pragmas: readonly Pragma[] = [
  pragma('journal_mode', 'wal'),
  // No one else can hold a lock from here on; it is set in case a virus scanner or a backup program does.
  pragma('busy_timeout', 5000),
  // A commit returns when it is on the disk: NORMAL would return before, in this mode.
  pragma('synchronous', 'FULL', 2),
  pragma('wal_autocheckpoint', checkpointPages),
  pragma('journal_size_limit', walBytes),
  pragma('cache_size', -cacheKiB),
  // A disk error in a mapped page is a SIGBUS, which no one can answer.
  pragma('mmap_size', 0),
  pragma('foreign_keys', 'ON', 1),
  // What a forged schema could call is not called.
  pragma('trusted_schema', 'OFF', 0),
]

/** On macOS fsync does not wait for the disk; this does. */
const macPragmas: readonly Pragma[] = [pragma('fullfsync', 'ON', 1), pragma('checkpoint_fullfsync', 'ON', 1)]

/** To be set before the first access, which takes the lock or is refused at once. */
export function setFirstPragmas(database: Database, path: string): void {
  setAll(database, path, [pragma('busy_timeout', 0), pragma('locking_mode', 'exclusive')])
}

/** Sets how the file is written, and sees that it is. */
export function setPragmas(database: Database, path: string): void {
  setAll(database, path, process.platform === 'darwin' ? [...pragmas, ...macPragmas] : pragmas)
  check(database, path, pragma('auto_vacuum', 'INCREMENTAL', 2))
}

/** The value of a pragma; undefined when SQLite was built without it. */
export function readPragma(database: Database, name: string): Value | undefined {
  const row = database.prepare(`PRAGMA ${name}`).get()
  return row === undefined ? undefined : Object.values(row)[0]
}

function setAll(database: Database, path: string, list: readonly Pragma[]): void {
  for (const one of list) {
    database.exec(`PRAGMA ${one.name} = ${one.set}`)
    check(database, path, one)
  }
}

/** @throws StorageError `notOpened`: SQLite says nothing of a setting that it does not take */
function check(database: Database, path: string, { name, reads }: Pragma): void {
  const value = readPragma(database, name)
  // A SQLite built without mapped files does not know that pragma.
  if (value === reads || (name === 'mmap_size' && value === undefined)) return
  throw new StorageError(
    `the log ${JSON.stringify(path)} cannot be kept safely: PRAGMA ${name} is ${String(value)} and must be ${reads}; ` +
      'see that it is on a local file system, and that this SQLite was built with it',
    'notOpened',
    false,
  )
}
