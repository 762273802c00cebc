import type { EventHistory, Finding, SubmissionHistory } from '../history.ts'
import type { Rule } from './rule.ts'

/** While an event is kept, its idempotency key makes no other at its endpoint, whatever died in between. */
export const idempotency: Rule = {
  name: 'an idempotency key makes one event',
  *check({ history }) {
    const byKey = new Map<string, EventHistory[]>()
    for (const event of history.events.values()) {
      const { idempotencyKey } = event.submitted.event
      if (idempotencyKey === null) continue
      const name = `${event.endpoint.id} ${idempotencyKey}`
      const made = byKey.get(name) ?? []
      byKey.set(name, made)
      const before = made.at(-1)
      if (before !== undefined && !isGone(before, event.records[0]?.tick ?? 0)) {
        yield { message: `${before.eventId} and ${event.eventId} have one key`, eventId: event.eventId }
      }
      made.push(event)
    }
    for (const call of history.submissions) yield* checkReturned(call, byKey)
  },
}

function* checkReturned(call: SubmissionHistory, byKey: ReadonlyMap<string, EventHistory[]>): Iterable<Finding> {
  const { idempotencyKey, outcome, eventIds, startTick, endpoints } = call
  if (idempotencyKey === null || outcome !== 'acknowledged') return
  for (const endpoint of endpoints) {
    const made = byKey.get(`${endpoint.id} ${idempotencyKey}`) ?? []
    const known = made.find((event) => (event.records[0]?.tick ?? 0) < startTick && !isGone(event, startTick))
    // A publication passes over endpoints that are not subscribed, or disabled.
    const concerned = call.call === 'submitEvent' || made.some(({ eventId }) => eventIds.includes(eventId))
    if (known === undefined || !concerned || eventIds.includes(known.eventId)) continue
    const message = `${known.eventId} has the key ${idempotencyKey}, and a later call with it returned ${eventIds.join(', ')}`
    yield { message, eventId: known.eventId }
  }
}

function isGone({ evictedTick }: EventHistory, tick: number): boolean {
  return evictedTick !== null && evictedTick < tick
}
