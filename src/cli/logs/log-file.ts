import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { openJsonlFile } from '../../recorded/jsonl-file.ts'
import type { RecordFile } from '../../recorded/record-file.ts'
import { isSqliteHead, sqliteHeadBytes } from '../../recorded/sqlite-head.ts'
import { openSqliteRecords } from './sqlite-records.ts'

/** What a command that reads a log takes. */
export const fileArgument =
  'a log: JSONL, as exportJsonl writes it (- reads the standard input), or a file of sqliteLog'

/** Opens a log in whichever form it is. */
export function openRecordFile(path: string): RecordFile | Promise<RecordFile> {
  return isSqliteFile(path) ? openSqliteRecords(path) : openJsonlFile(path)
}

/** Whether a file is one of SQLite's. What can be read only once, a pipe, is not looked into. */
export function isSqliteFile(path: string): boolean {
  if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(sqliteHeadBytes)
    readSync(file, head, 0, head.length, 0)
    return isSqliteHead(head)
  } finally {
    closeSync(file)
  }
}
