import { HooklineError } from '../../../errors/hookline-error.ts'
import { replay } from '../../../replay/replay.ts'
import type { Rule } from './rule.ts'

/** The log holds what was appended, as it was appended, in that order; retention alone takes out whole events. */
export const logKept: Rule = {
  name: 'the log is only appended to',
  *check({ history, kept }) {
    let seq = 0
    const appended = new Map<number, string>()
    for (const { record, text } of history.records) {
      if (record.seq <= seq) yield { message: `record ${record.seq} was appended after ${seq}`, seq: record.seq }
      seq = record.seq
      const isEvicted = record.eventId !== '' && history.events.get(record.eventId)?.evictedTick !== null
      if (!isEvicted) appended.set(record.seq, text)
    }
    for (const record of kept) {
      const text = appended.get(record.seq)
      if (text === undefined) yield { message: `record ${record.seq} is in the log and should not be`, seq: record.seq }
      else if (text !== JSON.stringify(record)) yield { message: `record ${record.seq} was changed`, seq: record.seq }
      appended.delete(record.seq)
    }
    for (const [missing, text] of appended) {
      // An endpoint's own records are kept up to a number, the newest.
      if (!text.includes('"eventId":""')) yield { message: `record ${missing} is gone from the log`, seq: missing }
    }
    try {
      replay(kept)
    } catch (error) {
      if (!(error instanceof HooklineError)) throw error
      yield { message: error.message }
    }
  },
}
