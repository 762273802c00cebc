import type { RequestHistory } from '../history.ts'
import type { Rule } from './rule.ts'

/** One request at a time in each line, and at each endpoint no more than it allows. */
export const inFlight: Rule = {
  name: 'one request of a line is in flight',
  *check({ history }) {
    const last = new Map<string, RequestHistory>()
    for (const request of history.requests) {
      const { eventId, endpoint, openAtEndpoint, concurrency } = request
      if (openAtEndpoint > concurrency) {
        const message = `${openAtEndpoint} requests to ${endpoint.id} are in flight, and ${concurrency} may be`
        yield { message, eventId }
      }
      const line = `${endpoint.id} ${history.events.get(eventId)?.laneKey ?? eventId}`
      const before = last.get(line)
      last.set(line, request)
      if (before?.life !== request.life) continue
      if ((before.resultTick ?? Infinity) < request.sentTick) continue
      yield { message: `${eventId} was sent while ${before.eventId} of its line was in flight`, eventId }
    }
  },
}
