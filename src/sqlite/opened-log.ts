// What is checked as a log is opened, beside what opening its file checks: that it goes on where its last commit ended.
import { DivergenceError, StorageError } from '../errors/errors.ts'
import { hexIn, integerIn } from './columns.ts'
import type { Counters } from './counters.ts'
import type { Database } from './driver/database.ts'
import { readLine } from './record-reader.ts'

/** @throws StorageError `damaged` */
export function checkEnd(database: Database, { lastSeq, lastSum }: Counters): void {
  const row = database.prepare('SELECT seq, line, previous, sum FROM records ORDER BY seq DESC LIMIT 1').get()
  if (row === undefined) return
  const seq = integerIn(row, 'seq')
  // Retention may have taken the last record; one that the counters do not know of cannot be.
  if (seq < lastSeq) return
  try {
    readLine(row)
  } catch (error) {
    throw error instanceof DivergenceError ? damaged(error.message) : error
  }
  if (seq > lastSeq || hexIn(row, 'sum') !== lastSum) throw damaged(`its last record, ${seq}, is not the one it counts`)
}

function damaged(why: string): StorageError {
  return new StorageError(`the log cannot go on: ${why}; see \`hookline verify\`, and restore a copy`, 'damaged', false)
}
