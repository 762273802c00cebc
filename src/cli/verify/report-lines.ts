import type { DeliveryStatus } from '../../../machines/delivery.ts'
import type { LogProblem } from '../../recorded/log-problem.ts'
import type { FileReport } from '../../sqlite/verify/verify-file.ts'
import { alignedRows } from '../aligned-rows.ts'
import type { SealState } from '../logs/seal.ts'
import { countText, numberText } from '../number-text.ts'
import { statusesText } from '../replay/summary-lines.ts'

/** What was found in a log in JSONL. */
export interface RecordedReport {
  readonly records: number
  readonly firstSeq: number
  readonly lastSeq: number
  readonly events: number
  readonly statuses: Readonly<Record<DeliveryStatus, number>>
  readonly endpoints: number
  readonly problem: LogProblem | null
  readonly seal: SealState
}

/** A report on a file of `sqliteLog`, for a terminal. */
export function fileReportLines(report: FileReport): string[] {
  const { records, firstSeq, lastSeq, removed, events, statuses, endpoints, faults, faultCount } = report
  const verdict =
    faultCount === 0
      ? 'sound: the file, every checksum, every event, and the index of them'
      : `NOT SOUND: ${countText(faultCount, 'fault')}`
  const more = faultCount - faults.length
  return [
    ...alignedRows([
      ['records', recordsText(records, firstSeq, lastSeq)],
      ...(removed > 0 ? [['removed', `${numberText(removed)} before the last`]] : []),
      ['events', `${numberText(events)}${statusesText(statuses)}`],
      ['endpoints', `${numberText(endpoints)} registered`],
      ['verified', verdict],
    ]),
    ...faults.map(({ message }) => `- ${message}`),
    ...(more > 0 ? [`- and ${countText(more, 'more fault')}`] : []),
  ]
}

/** A report on a log in JSONL, for a terminal. */
export function recordedReportLines(report: RecordedReport): string[] {
  const { records, firstSeq, lastSeq, events, statuses, endpoints, problem, seal } = report
  const faults = [
    ...(problem === null ? [] : [problem.message]),
    ...(seal === 'broken' ? ['the file is not the one that was sealed: the checksum beside it differs'] : []),
  ]
  const sealed = seal === 'intact' ? ', and the file is the one that was sealed' : ''
  return [
    ...alignedRows([
      ['records', recordsText(records, firstSeq, lastSeq)],
      ['events', `${numberText(events)}${statusesText(statuses)}`],
      ['endpoints', numberText(endpoints)],
      ['verified', faults.length === 0 ? `sound: every record follows from those before it${sealed}` : 'NOT SOUND'],
    ]),
    ...faults.map((fault) => `- ${fault}`),
  ]
}

function recordsText(records: number, firstSeq: number, lastSeq: number): string {
  return records === 0 ? '0' : `${numberText(records)}, seq ${firstSeq} to ${lastSeq}`
}
