import type { EventHistory } from '../history.ts'
import type { Rule } from './rule.ts'

/** Places are given from 1 on without gaps. After a restart they go on from the last that the log still holds. */
export const places: Rule = {
  name: 'places in a line follow one another',
  *check({ history }) {
    const given = new Map<string, EventHistory[]>()
    for (const event of history.events.values()) {
      const byKey = event.endpoint.settings.ordering === 'key'
      const counter = byKey ? `${event.endpoint.id} ${event.laneKey}` : event.endpoint.id
      const before = given.get(counter) ?? []
      given.set(counter, before)
      const { sequence } = event.submitted.event
      const { min, max } = nextPlaces(before, event)
      before.push(event)
      if (sequence >= min && sequence <= max) continue
      const { eventId } = event
      yield { message: `${eventId} got place ${sequence}, not ${min === max ? min : `${min} to ${max}`}`, eventId }
    }
  },
}

function nextPlaces(before: readonly EventHistory[], event: EventHistory): { min: number; max: number } {
  const last = before.at(-1)
  const next = (last?.submitted.event.sequence ?? 0) + 1
  if (last === undefined || lifeOf(last) === lifeOf(event)) return { min: next, max: next }
  let highest = 0
  for (const { evictedTick, submitted } of before) {
    // What was evicted in the life before is gone; what was evicted since was still there at the start.
    if (evictedTick === null) highest = Math.max(highest, submitted.event.sequence)
  }
  return { min: highest + 1, max: next }
}

function lifeOf({ records }: EventHistory): number {
  return records[0]?.life ?? 0
}
