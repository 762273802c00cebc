import { sumBeforeFirst, sumOf } from '../chain.ts'
import type { RawRecord } from '../raw-records.ts'

/** The record before one, as far as its checksum needs it. */
export type RecordBefore = Pick<RawRecord, 'seq' | 'sum'>

/** What stands before the first record that was ever written. */
export const beforeFirst: RecordBefore = { seq: 0, sum: sumBeforeFirst }

/**
 * What is wrong with a record by its checksums, to follow `record 17 …`; null when nothing is.
 *
 * @param before the record before it in the file: where none is missing between them, it must be the one it was written after
 */
export function recordFault({ seq, line, previous, sum }: RawRecord, before: RecordBefore | null): string | null {
  if (sumOf(previous, seq, line) !== sum) return 'is not what was written: its checksum differs'
  if (before === null || seq !== before.seq + 1 || previous === before.sum) return null
  return seq === 1 ? 'is not the first that was written' : `does not follow the record ${before.seq} that is there`
}
