// From rows to records. A record whose sum is not that of its text is never handed out.
import { DivergenceError, LogFormatError } from '../errors/errors.ts'
import { parseRecord } from '../log/jsonl.ts'
import type { LogRecord } from '../log/transition.ts'
import { sumOf } from './chain.ts'
import { hexIn, integerIn, textIn } from './columns.ts'
import type { Row } from './driver/database.ts'

/** The text of a record, checked against its sum. @throws DivergenceError */
export function readLine(row: Row): string {
  const seq = integerIn(row, 'seq')
  const line = textIn(row, 'line')
  if (sumOf(hexIn(row, 'previous'), seq, line) !== hexIn(row, 'sum')) throw damaged(seq)
  return line
}

/** A record of an event, or of an endpoint's own. @throws DivergenceError */
export function readRecord(row: Row): LogRecord {
  const seq = integerIn(row, 'seq')
  let record
  try {
    record = parseRecord(readLine(row), seq)
  } catch (error) {
    // What has the right sum was written so, and by something else.
    throw error instanceof LogFormatError ? damaged(seq) : error
  }
  if (record.seq !== seq) throw damaged(seq)
  return record
}

function damaged(seq: number): DivergenceError {
  return new DivergenceError(`record ${seq} is damaged: it is not what was written, by its checksum`, seq)
}
