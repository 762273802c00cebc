import { HooklineError } from '../../../errors/hookline-error.ts'
import type { LogRecord } from '../../../log/transition.ts'
import { replay } from '../../../replay/replay.ts'
import type { Finding } from '../history.ts'
import type { Rule } from './rule.ts'

/** The log holds what was appended, as it was appended, in that order; retention alone takes out whole events. */
export const logKept: Rule = {
  name: 'the log is only appended to',
  *check({ history, kept, settings }) {
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
    yield* checkEndpointRecords(kept, settings.retention.endpointRecords + history.lives.length - 1)
    try {
      replay(kept)
    } catch (error) {
      if (!(error instanceof HooklineError)) throw error
      yield { message: error.message }
    }
  },
}

/** A process that dies may leave one too many, until the next one writes. */
function* checkEndpointRecords(kept: readonly LogRecord[], limit: number): Iterable<Finding> {
  const counts = new Map<string, number>()
  for (const { endpointId, eventId, machine, seq } of kept) {
    if (eventId !== '') continue
    const name = `${machine} of ${endpointId}`
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    if (count > limit) yield { message: `record ${seq} is one of ${count} of ${name}, and ${limit} may be kept`, seq }
  }
}
