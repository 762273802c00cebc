import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { StorageError } from '../errors/errors.ts'
import { latestVersion } from './migrations.ts'

/** `PRAGMA application_id` of hookline's files: "hook" in ASCII. */
export const applicationId = 0x686f6f6b

const magic = 'SQLite format 3\0'
// https://sqlite.org/fileformat.html#the_database_header
const headerBytes = 100
const versionOffset = 60
const applicationIdOffset = 68

// https://sqlite.org/fileformat.html#the_rollback_journal
const journalMagic = 'd9d505f920a163d7'
const journalHeaderBytes = 28
const pagesBeforeOffset = 16

/**
 * Sees that a file is empty or a log that this hookline knows. SQLite is not asked, as it would carry out what the last
 * user of another application's file has left undone; and a log's first page says all this from its creation on.
 *
 * Closing a file gives up every lock that this process has on it: never call it for one that the process has open.
 *
 * @throws StorageError `unknownFormat`
 */
export function checkFileHeader(path: string): void {
  const header = readStart(path, headerBytes)
  if (header.length === 0) return
  if (header.length < headerBytes || header.toString('latin1', 0, magic.length) !== magic) {
    if (wasBeingMade(path)) return
    throw unknownFormat(path, 'it is no SQLite database')
  }
  if (header.readInt32BE(applicationIdOffset) !== applicationId) {
    throw unknownFormat(path, 'it is the database of another application')
  }
  checkVersion(path, header.readInt32BE(versionOffset))
}

/** @throws StorageError `unknownFormat` when the file's version is newer than this hookline */
export function checkVersion(path: string, version: number): void {
  if (version <= latestVersion) return
  const known = `this hookline knows versions up to ${latestVersion}`
  throw unknownFormat(path, `it has version ${version}, and ${known}; use the newer hookline that wrote it`)
}

export function unknownFormat(path: string, what: string): StorageError {
  const text = `${JSON.stringify(path)} is no log for this hookline: ${what}; it was left as it is`
  return new StorageError(text, 'unknownFormat', false)
}

/**
 * Whether power was lost as the file was made: beside it stands the journal of a transaction that began with an empty file,
 * and empty is what SQLite makes of it. Nothing was in it, whatever the disk shows of its first page.
 */
function wasBeingMade(path: string): boolean {
  const journal = `${path}-journal`
  if (!existsSync(journal)) return false
  const header = readStart(journal, journalHeaderBytes)
  return (
    header.length === journalHeaderBytes &&
    header.toString('hex', 0, journalMagic.length / 2) === journalMagic &&
    header.readUInt32BE(pagesBeforeOffset) === 0
  )
}

function readStart(path: string, bytes: number): Buffer {
  const start = Buffer.alloc(bytes)
  const file = openSync(path, 'r')
  try {
    return start.subarray(0, readSync(file, start, 0, bytes, 0))
  } finally {
    closeSync(file)
  }
}
