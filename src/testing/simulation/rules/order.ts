import type { EventHistory, RequestHistory } from '../history.ts'
import { isAccepted } from './delivered.ts'
import type { Rule } from './rule.ts'

/** In each line receivers first accept events in the order submitted, but for those that stepped aside. */
export const order: Rule = {
  name: 'first successes come in the order submitted',
  *check({ history }) {
    const last = new Map<string, { readonly event: EventHistory; readonly tick: number }>()
    for (const event of history.events.values()) {
      if (steppedAside(event)) continue
      const line = `${event.endpoint.id} ${event.laneKey}`
      const tick = firstAccepted(event.requests)
      const before = last.get(line)
      if (before !== undefined && tick < before.tick) {
        const { eventId } = event
        yield { message: `${eventId} was accepted before ${before.event.eventId}, which is ahead of it`, eventId }
      } else {
        last.set(line, { event, tick })
      }
    }
  },
}

function steppedAside({ records }: EventHistory): boolean {
  return records.some(
    ({ record: { to, event } }) => to === 'failed' || to === 'deadLettered' || event.type === 'redelivery.requested',
  )
}

function firstAccepted(requests: readonly RequestHistory[]): number {
  let first = Infinity
  for (const request of requests) if (isAccepted(request)) first = Math.min(first, request.arrivedTick ?? Infinity)
  return first
}
