import type { RetryPolicy } from '../../../retry/retry-policy.ts'
import type { EventHistory, Finding, LoggedRecord, RequestHistory } from '../history.ts'
import type { Rule } from './rule.ts'

/** A delay is the policy's, within its jitter; `Retry-After` makes it longer, never shorter, and at most `maxDelayMs`. */
export const backoff: Rule = {
  name: 'a delay is what the policy and the endpoint ask for',
  *check({ history }) {
    for (const event of history.events.values()) yield* checkDelays(event)
  },
}

/** No attempt of an event in backoff begins before its time, whatever the wall clock did. */
export const due: Rule = {
  name: 'no attempt begins before it is due',
  *check({ history }) {
    for (const event of history.events.values()) yield* checkDue(event, history.faults.clockJumps > 0)
  },
}

function* checkDelays({ eventId, records, requests }: EventHistory): Iterable<Finding> {
  let used = 0
  for (const { record } of records) {
    const { event, seq } = record
    if ('budget' in event) used = 0
    if (event.type === 'attempt.started') used += 1
    if (event.type === 'attempt.interrupted') used -= 1
    if (event.type !== 'attempt.failed') continue
    const request = requests.find(({ attempt }) => attempt === event.attempt)
    if (request?.policy == null) continue
    const delayMs = Date.parse(event.retryAt) - Date.parse(event.at)
    const { min, max } = boundsOf(request.policy, used, request.askedMs)
    if (delayMs >= min && delayMs <= max) continue
    const message = `${eventId} was to wait ${delayMs} ms after attempt ${event.attempt}, not ${min} to ${max}`
    yield { message, seq, eventId }
  }
}

function boundsOf(policy: RetryPolicy, used: number, askedMs: number | null): { min: number; max: number } {
  const { initialDelayMs, multiplier, maxDelayMs, jitter } = policy
  const plainMs = initialDelayMs === 0 ? 0 : Math.min(initialDelayMs * multiplier ** (used - 1), maxDelayMs)
  const asked = Math.min(Math.max(askedMs ?? 0, 0), maxDelayMs)
  return {
    min: Math.max(Math.floor(plainMs * (1 - jitter)), asked),
    max: Math.max(Math.min(Math.ceil(plainMs * (1 + jitter)), maxDelayMs), asked),
  }
}

function* checkDue({ eventId, records, requests }: EventHistory, jumps: boolean): Iterable<Finding> {
  let before: LoggedRecord | undefined
  for (const entry of records) {
    const { event, seq } = entry.record
    if (before?.record.event.type === 'attempt.failed' && event.type === 'attempt.started') {
      const { attempt, at, retryAt } = before.record.event
      const request = requests.find((own) => own.attempt === attempt)
      const waitedMs = entry.elapsedMs - (request?.resultMs ?? before.elapsedMs)
      const early = waitedMs < Date.parse(retryAt) - Date.parse(at)
      // What the log took late, or another process took up, is due by the wall clock: nothing else was written down.
      const byWall = isByWall(before, entry, request) && entry.wallMs >= Date.parse(retryAt)
      // By the wall clock of its start, which may have jumped back since.
      const byWallThen = jumps && before.life !== entry.life
      if (early && !byWall && !byWallThen) {
        yield { message: `${eventId} was tried again after ${waitedMs} ms, and was due at ${retryAt}`, seq, eventId }
      }
    }
    before = entry
  }
}

function isByWall(failed: LoggedRecord, started: LoggedRecord, request: RequestHistory | undefined): boolean {
  return failed.life !== started.life || failed.elapsedMs !== request?.resultMs
}
