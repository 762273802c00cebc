import type { LogRecord } from '../../log/transition.ts'
import { durationText } from '../../recorded/duration-text.ts'
import { alignedRows } from '../aligned-rows.ts'
import { transitionText } from './transition-text.ts'

/** Records one below the other: when, how long after the one before, what happened, and to which state it led. */
export function timelineLines(records: readonly LogRecord[]): string[] {
  const rows = records.map((record, index) => {
    const before = records[index - 1]
    const laterMs = before === undefined ? 0 : Date.parse(record.at) - Date.parse(before.at)
    const later = before === undefined ? '' : laterMs < 0 ? 'clock set back' : `+${durationText(laterMs)}`
    return [String(record.seq), record.at, later, record.to, transitionText(record)]
  })
  return alignedRows([['seq', 'at', 'after', 'state', 'because'], ...rows])
}
