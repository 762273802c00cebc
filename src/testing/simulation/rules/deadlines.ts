import type { Rule } from './rule.ts'

/** Whatever the endpoint does, the service has a result by the deadline, and gives nothing up before it. */
export const deadlines: Rule = {
  name: 'an attempt ends by its deadline',
  *check({ history }) {
    for (const { eventId, attempt, life, sentMs, timeoutMs, result, resultMs } of history.requests) {
      const isTimeout = result?.kind === 'failed' && result.reason === 'timeout'
      if (isTimeout && resultMs < sentMs + timeoutMs) {
        const message = `attempt ${attempt} of ${eventId} was given up after ${resultMs - sentMs} ms of ${timeoutMs}`
        yield { message, eventId }
      }
      const endedMs = result === null ? (history.lives[life - 1]?.diedMs ?? Infinity) : resultMs
      if (endedMs <= sentMs + timeoutMs) continue
      const took = endedMs === Infinity ? 'never ended' : `took ${endedMs - sentMs} ms`
      yield { message: `attempt ${attempt} of ${eventId} ${took}, and its deadline was ${timeoutMs} ms`, eventId }
    }
  },
}
