import { StorageError } from '../../errors/errors.ts'
import { parseRecord } from '../../log/jsonl.ts'
import { isAfter } from '../../recorded/moment.ts'
import type { Moment } from '../../recorded/moment.ts'
import type { Database } from '../../sqlite/driver/database.ts'
import { recordKinds } from '../../sqlite/schema.ts'
import { rawRecords } from '../../sqlite/raw-records.ts'
import type { RawRecord } from '../../sqlite/raw-records.ts'
import { recordFault } from '../../sqlite/verify/record-fault.ts'
import type { RecordBefore } from '../../sqlite/verify/record-fault.ts'

/** What was exported. */
export interface Exported {
  readonly records: number
  /** 0 when there are none. */
  readonly firstSeq: number
  readonly lastSeq: number
}

/**
 * By number, both ends count. By time, it begins with the first record that is later than `from` and ends before the first that
 * is later than `until`: what ends at a time and what begins at it have no record in common, and none between them.
 */
export interface ExportedRange {
  readonly from: Moment | undefined
  readonly until: Moment | undefined
}

/** So much text is handed on at once. */
const pieceLength = 1024 * 1024

/**
 * Gives the records of a range as lines of JSONL, some at a time, without line ends.
 *
 * @throws StorageError at the first that is not what was written
 */
export function exportRange(
  database: Database,
  { from, until }: ExportedRange,
  take: (lines: readonly string[], soFar: Exported) => void,
): Exported {
  let exported: Exported = { records: 0, firstSeq: 0, lastSeq: 0 }
  let lines: string[] = []
  let length = 0
  const hasTimes = isTime(from) || isTime(until)
  let hasBegun = from === undefined || !isTime(from)
  let before: RecordBefore | null = null
  for (const stored of rawRecords(database, from !== undefined && !isTime(from) ? from.seq : 0)) {
    if (until !== undefined && !isTime(until) && stored.seq > until.seq) break
    check(stored, before)
    before = stored
    if (stored.kind === recordKinds.endpointConfiguration) continue
    if (hasTimes) {
      const record = parseRecord(stored.line, stored.seq)
      if (until !== undefined && isAfter(until, record)) break
      hasBegun ||= from !== undefined && isAfter(from, record)
    }
    if (!hasBegun) continue
    const { records, firstSeq } = exported
    exported = { records: records + 1, firstSeq: records === 0 ? stored.seq : firstSeq, lastSeq: stored.seq }
    lines.push(stored.line)
    length += stored.line.length
    if (length < pieceLength) continue
    take(lines, exported)
    lines = []
    length = 0
  }
  if (lines.length > 0) take(lines, exported)
  return exported
}

function check(stored: RawRecord, before: RecordBefore | null): void {
  const fault = recordFault(stored, before)
  if (fault === null) return
  const message = `record ${stored.seq} ${fault}; hookline verify names all that is wrong, and --until ${stored.seq - 1} exports what comes before`
  throw new StorageError(message, 'damaged', false)
}

function isTime(moment: Moment | undefined): moment is Extract<Moment, { timeMs: number }> {
  return moment !== undefined && 'timeMs' in moment
}
