import { describe, expect, it } from 'vitest'
import { StorageError } from '../../src/errors/errors.ts'
import { DatabaseError } from '../../src/sqlite/driver/database.ts'
import { resultCodes } from '../../src/sqlite/driver/result-codes.ts'
import { classifyFault, toStorageError } from '../../src/sqlite/faults.ts'

const ofSqlite = (resultCode: number) => new DatabaseError('as SQLite says it', resultCode, undefined)
const ofSystem = (code: string) => Object.assign(new Error('as the system says it'), { code })

describe('a fault', () => {
  it.each([
    ['SQLITE_FULL', 'full'],
    ['SQLITE_IOERR_WRITE', 'ioError'],
    ['SQLITE_BUSY', 'inUse'],
    ['SQLITE_BUSY_SNAPSHOT', 'inUse'],
    ['SQLITE_CANTOPEN', 'notOpened'],
  ] as const)('%s may pass, as nothing was written', (code, failure) => {
    expect(classifyFault(ofSqlite(resultCodes[code]))).toEqual({ failure, passing: true })
  })

  it.each([
    ['SQLITE_IOERR_FSYNC', 'ioError'],
    ['SQLITE_IOERR_DIR_FSYNC', 'ioError'],
    ['SQLITE_IOERR_TRUNCATE', 'ioError'],
    ['SQLITE_IOERR_READ', 'ioError'],
    ['SQLITE_IOERR_CORRUPTFS', 'damaged'],
    ['SQLITE_CANTOPEN_DIRTYWAL', 'damaged'],
    ['SQLITE_CORRUPT_INDEX', 'damaged'],
    ['SQLITE_NOTADB', 'damaged'],
    ['SQLITE_CONSTRAINT_UNIQUE', 'damaged'],
    ['SQLITE_READONLY_DIRECTORY', 'readOnly'],
    ['SQLITE_READONLY_DBMOVED', 'replaced'],
    ['SQLITE_MISUSE', 'ioError'],
  ] as const)('%s stops the log', (code, failure) => {
    expect(classifyFault(ofSqlite(resultCodes[code]))).toEqual({ failure, passing: false })
  })

  it.each([
    ['ENOSPC', 'full', true],
    ['EMFILE', 'notOpened', true],
    ['EROFS', 'readOnly', false],
    ['EACCES', 'notOpened', false],
    ['EIO', 'ioError', false],
    ['ESOMETHING', 'ioError', false],
  ] as const)('%s of the file system is known too', (code, failure, passing) => {
    expect(classifyFault(ofSystem(code))).toEqual({ failure, passing })
  })

  it('that nobody knows stops the log', () => {
    expect(classifyFault(ofSqlite(250)).passing).toBe(false)
    expect(classifyFault(new TypeError('a mistake')).passing).toBe(false)
    expect(classifyFault(undefined).passing).toBe(false)
  })

  it('becomes a StorageError that names the file, and what to do', () => {
    const cause = ofSqlite(resultCodes.SQLITE_FULL)
    const error = toStorageError(cause, '/var/hooks.db')
    expect(error).toMatchObject({ reason: 'full', recoverable: true, cause })
    expect(error.message).toBe(
      'the log "/var/hooks.db": there is no space left where it is; make some (as SQLite says it)',
    )
    expect(toStorageError(error, '/other.db')).toBe(error)
    expect(toStorageError(ofSystem('EROFS'), '/a.db')).toBeInstanceOf(StorageError)
  })
})
