import { StorageError } from '../../../errors/errors.ts'
import type { StorageFailure } from '../../../errors/errors.ts'

const failures: ReadonlyMap<string, StorageFailure> = new Map([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EROFS', 'readOnly'],
  ['EACCES', 'notOpened'],
  ['EPERM', 'notOpened'],
  ['ENOENT', 'notOpened'],
  ['ENOTDIR', 'notOpened'],
  ['EISDIR', 'notOpened'],
  ['ELOOP', 'notOpened'],
  ['EMFILE', 'notOpened'],
  ['ENFILE', 'notOpened'],
])
const passing: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'])

/** The system's code of an error: `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Whether the file system, or another part of the system, is what failed. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

/** What a key file that was there before and is not there now comes to. */
export function gone(path: string): StorageError {
  const text = `the key file ${JSON.stringify(path)} is gone; the keys that were in it go on to count until a restart`
  return new StorageError(`${text}: put it back, or change a key, and it is written again`, 'replaced', true)
}

/** The error to show for what an act on the key file came to. A {@link StorageError} stays as it is. */
export function keyFileFault(error: unknown, path: string, what: 'read' | 'written'): StorageError {
  if (error instanceof StorageError) return error
  const code = systemCode(error) ?? ''
  const detail = error instanceof Error ? error.message : String(error)
  const text = `the key file ${JSON.stringify(path)} cannot be ${what}`
  return new StorageError(
    `${text}: see that its folder exists, that this user may read and write in it, and that there is space (${detail})`,
    failures.get(code) ?? 'ioError',
    passing.has(code),
    error,
  )
}
