import type { Rule } from './rule.ts'

/** No request leaves but for the attempt that the log says is under way. */
export const writeAhead: Rule = {
  name: 'a request is logged before it leaves',
  *check({ history }) {
    for (const { eventId, attempt, logged, endpoint } of history.requests) {
      const event = history.events.get(eventId)
      if (event !== undefined && event.endpoint !== endpoint) {
        yield { message: `${eventId} of ${event.endpoint.id} went to ${endpoint.id}`, eventId }
      }
      if (logged?.value === 'delivering' && logged.context.attempts === attempt) continue
      const says = logged === null ? 'nothing' : `${logged.value} after ${logged.context.attempts} attempts`
      yield { message: `attempt ${attempt} of ${eventId} left, and the log said ${says}`, eventId }
    }
  },
}
