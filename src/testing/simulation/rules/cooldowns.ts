import type { LoggedRecord } from '../history.ts'
import type { Rule } from './rule.ts'

/** An open breaker stays open until its cooldown is over, whatever the wall clock does and however often the process dies. */
export const cooldowns: Rule = {
  name: 'no breaker lets a probe through before its time',
  *check({ history }) {
    const opened = new Map<string, LoggedRecord>()
    for (const entry of history.records) {
      const { event, endpointId, seq } = entry.record
      if ('reopensAt' in event) opened.set(endpointId, entry)
      const before = opened.get(endpointId)
      if (event.type !== 'cooldown.elapsed' || before === undefined || !('reopensAt' in before.record.event)) continue
      const { reopensAt, at } = before.record.event
      const waitedMs = entry.elapsedMs - before.elapsedMs
      const cooldownMs = Date.parse(reopensAt) - Date.parse(at)
      const isOther = before.life !== entry.life
      // Another process knows only the times that were written down, which may have been before the log took them.
      const lateMs = isOther ? Math.max(0, before.wallMs - Date.parse(at)) : 0
      const early = waitedMs + lateMs < cooldownMs
      const byWall = isOther && entry.wallMs >= Date.parse(reopensAt)
      if (early && !byWall)
        yield { message: `the breaker of ${endpointId} let a probe through after ${waitedMs} ms`, seq }
    }
  },
}
