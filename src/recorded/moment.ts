import { parseTime } from '../clock/parse-time.ts'
import { refuseOption } from '../options/refuse-option.ts'
import type { LogRecord } from '../log/transition.ts'

/** A moment in a log: after the record with this number, or at this time. */
export type Moment = { readonly seq: number } | { readonly timeMs: number }

const wholeNumber = /^\d+$/

/**
 * Reads a moment as people write it: a record's number, or an ISO 8601 time. A time without a zone is UTC, as those in
 * the log are; a day is its first millisecond.
 *
 * @throws InvalidOptionError
 */
export function readMoment(text: string, option: string): Moment {
  if (wholeNumber.test(text)) {
    const seq = Number(text)
    if (Number.isSafeInteger(seq)) return { seq }
  }
  const timeMs = parseTime(text)
  if (timeMs !== null) return { timeMs }
  return refuseOption(option, "must be a record's number such as 1200, or a time such as 2025-01-31T09:30:00Z", text)
}

/** Whether a record comes after a moment. Of times that went back, the first that is later ends the moment. */
export function isAfter(moment: Moment, { seq, at }: LogRecord): boolean {
  return 'seq' in moment ? seq > moment.seq : Date.parse(at) > moment.timeMs
}
