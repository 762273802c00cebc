import type { Rule } from './rule.ts'

/** Nothing goes to an endpoint that is paused, disabled or removed, nor past its open breaker; one probe when half open. */
export const held: Rule = {
  name: 'nothing goes to an endpoint that is held',
  *check({ history }) {
    const states = new Map<string, string>()
    const removedTicks = new Map<string, number>()
    let read = 0
    const byStart = [...history.requests].sort((one, other) => one.startedTick - other.startedTick)
    for (const { startedTick, sentTick, endpoint, eventId, attempt, openAtEndpoint } of byStart) {
      for (; (history.records[read]?.tick ?? Infinity) < startedTick; read += 1) {
        const { record, tick } = history.records[read] ?? {}
        if (record?.eventId !== '' || tick === undefined) continue
        states.set(`${record.endpointId} ${record.machine.split('@', 1).join('')}`, record.to)
        if (record.to === 'removed') removedTicks.set(record.endpointId, tick)
      }
      const removedTick = removedTicks.get(endpoint.id) ?? Infinity
      const isNew = endpoint.registeredTicks.some((tick) => tick > removedTick && tick < sentTick)
      const isAnew = states.get(`${endpoint.id} endpoint`) === 'removed' && isNew
      const use = isAnew ? 'active' : (states.get(`${endpoint.id} endpoint`) ?? 'active')
      const breaker = isAnew ? 'closed' : (states.get(`${endpoint.id} breaker`) ?? 'closed')
      const isHeld = use === 'paused' || use === 'disabled' || use === 'removed'
      const isShut = breaker === 'open' || (breaker === 'halfOpen' && openAtEndpoint > 1)
      if (!isHeld && !isShut) continue
      const message = `attempt ${attempt} of ${eventId} left while ${endpoint.id} was ${use} and its breaker ${breaker}`
      yield { message, eventId }
    }
  },
}
