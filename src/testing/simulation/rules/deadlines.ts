import type { Rule } from './rule.ts'

/** Whatever the endpoint does, the service has a result by the deadline. */
export const deadlines: Rule = {
  name: 'an attempt ends by its deadline',
  *check({ history }) {
    for (const { eventId, attempt, life, sentMs, timeoutMs, result, resultMs } of history.requests) {
      const endedMs = result === null ? (history.lives[life - 1]?.diedMs ?? Infinity) : resultMs
      if (endedMs <= sentMs + timeoutMs) continue
      const took = endedMs === Infinity ? 'never ended' : `took ${endedMs - sentMs} ms`
      yield { message: `attempt ${attempt} of ${eventId} ${took}, and its deadline was ${timeoutMs} ms`, eventId }
    }
  },
}
