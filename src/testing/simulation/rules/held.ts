import type { Rule } from './rule.ts'

/** Nothing goes to an endpoint that is paused, disabled or removed, nor past its open breaker; one probe when half open. */
export const held: Rule = {
  name: 'nothing goes to an endpoint that is held',
  *check({ history }) {
    const states = new Map<string, string>()
    let read = 0
    for (const { sentTick, endpoint, eventId, attempt, openAtEndpoint } of history.requests) {
      for (; (history.records[read]?.tick ?? Infinity) < sentTick; read += 1) {
        const record = history.records[read]?.record
        if (record?.eventId === '')
          states.set(`${record.endpointId} ${record.machine.split('@', 1).join('')}`, record.to)
      }
      const use = states.get(`${endpoint.id} endpoint`) ?? 'active'
      const breaker = states.get(`${endpoint.id} breaker`) ?? 'closed'
      const isHeld = use === 'paused' || use === 'disabled' || use === 'removed'
      const isShut = breaker === 'open' || (breaker === 'halfOpen' && openAtEndpoint > 1)
      if (!isHeld && !isShut) continue
      const message = `attempt ${attempt} of ${eventId} left while ${endpoint.id} was ${use} and its breaker ${breaker}`
      yield { message, eventId }
    }
  },
}
