import { StorageError, type StorageFailure } from '../errors/errors.ts'
import { DatabaseError } from './driver/database.ts'
import { resultCodes as codes } from './driver/result-codes.ts'

/** What SQLite or the file system can be the cause of. */
type FaultReason = Extract<
  StorageFailure,
  'full' | 'readOnly' | 'notOpened' | 'inUse' | 'replaced' | 'damaged' | 'ioError'
>

/** What an error of SQLite or of the file system means for a log. */
export interface Fault {
  readonly failure: FaultReason
  /**
   * Whether it may pass by itself and has left the file as it was: what was to be written is held and offered again. All
   * else stops the log, since nobody knows what the file holds now.
   */
  readonly passing: boolean
}

const stopping = (failure: FaultReason): Fault => ({ failure, passing: false })
const passing = (failure: FaultReason): Fault => ({ failure, passing: true })

/** By extended code where one is listed, else by its primary one; what is not listed stops. */
const databaseFaults: ReadonlyMap<number, Fault> = new Map([
  // Pages are written behind the last commit of the -wal, and count only with a commit of their own: a transaction that
  // could not be written leaves nothing.
  [codes.SQLITE_FULL, passing('full')],
  [codes.SQLITE_IOERR_WRITE, passing('ioError')],
  // Nothing was written at all.
  [codes.SQLITE_BUSY, passing('inUse')],
  [codes.SQLITE_NOMEM, passing('ioError')],
  [codes.SQLITE_IOERR_NOMEM, passing('ioError')],
  // No file handle was free, for a temporary file for instance; the log's own files are open already.
  [codes.SQLITE_CANTOPEN, passing('notOpened')],
  [codes.SQLITE_CANTOPEN_NOTEMPDIR, passing('notOpened')],
  // The -wal cannot be read as what was written before needs it.
  [codes.SQLITE_CANTOPEN_DIRTYWAL, stopping('damaged')],
  [codes.SQLITE_CANTOPEN_ISDIR, stopping('notOpened')],
  [codes.SQLITE_CANTOPEN_FULLPATH, stopping('notOpened')],
  [codes.SQLITE_CANTOPEN_SYMLINK, stopping('notOpened')],
  // After a failed fsync the system may have dropped what it did not write, and a second one may lie about it: neither
  // the commit nor any before it can be relied on. Whatever else fails to read or write leaves as little known.
  [codes.SQLITE_IOERR, stopping('ioError')],
  [codes.SQLITE_IOERR_FSYNC, stopping('ioError')],
  [codes.SQLITE_IOERR_DIR_FSYNC, stopping('ioError')],
  [codes.SQLITE_IOERR_TRUNCATE, stopping('ioError')],
  [codes.SQLITE_IOERR_DATA, stopping('damaged')],
  [codes.SQLITE_IOERR_CORRUPTFS, stopping('damaged')],
  // It was opened to be written: the file or its file system was changed underneath.
  [codes.SQLITE_READONLY, stopping('readOnly')],
  [codes.SQLITE_PERM, stopping('readOnly')],
  [codes.SQLITE_READONLY_DBMOVED, stopping('replaced')],
  [codes.SQLITE_CORRUPT, stopping('damaged')],
  [codes.SQLITE_NOTADB, stopping('damaged')],
  // The tables say something else than the log that keeps them believes.
  [codes.SQLITE_CONSTRAINT, stopping('damaged')],
])

const fileFaults: ReadonlyMap<string, Fault> = new Map([
  ['ENOSPC', passing('full')],
  ['EDQUOT', passing('full')],
  // Someone else's files may be closed in the next moment.
  ['EMFILE', passing('notOpened')],
  ['ENFILE', passing('notOpened')],
  ['ENOENT', stopping('notOpened')],
  ['ENOTDIR', stopping('notOpened')],
  ['EISDIR', stopping('notOpened')],
  ['ELOOP', stopping('notOpened')],
  ['ENAMETOOLONG', stopping('notOpened')],
  ['EACCES', stopping('notOpened')],
  ['EPERM', stopping('notOpened')],
  ['EROFS', stopping('readOnly')],
  ['EIO', stopping('ioError')],
])

const unknownFault = stopping('ioError')

/** What an error means. One that is neither SQLite's nor the file system's, or is not known, stops the log. */
export function classifyFault(error: unknown): Fault {
  if (error instanceof DatabaseError) {
    return databaseFaults.get(error.resultCode) ?? databaseFaults.get(error.resultCode & 0xff) ?? unknownFault
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return (typeof code === 'string' ? fileFaults.get(code) : undefined) ?? unknownFault
}

const remedies: Readonly<Record<FaultReason, string>> = {
  full: 'there is no space left where it is; make some',
  readOnly: 'it cannot be written; see the permissions and the file system it is on',
  notOpened: 'it cannot be opened; see that it exists and may be read and written, and that files may still be opened',
  inUse: 'another process has it open; only one at a time may: stop the other, or use another file',
  replaced: 'it was removed or replaced while it was open; put it back, and start again',
  damaged: 'what is in it is not what was written; see `hookline verify`, and restore a copy',
  ioError: 'the disk failed to read or write it; see to the disk, and restore a copy if the file is damaged',
}

/** The error to show for `error`, which an act on the file `path` came to. A {@link StorageError} stays as it is. */
export function toStorageError(error: unknown, path: string): StorageError {
  if (error instanceof StorageError) return error
  const { failure, passing } = classifyFault(error)
  const detail = error instanceof Error ? ` (${error.message})` : ''
  return new StorageError(`the log ${JSON.stringify(path)}: ${remedies[failure]}${detail}`, failure, passing, error)
}
