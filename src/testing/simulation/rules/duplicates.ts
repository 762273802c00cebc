import type { EventHistory, Finding } from '../history.ts'
import { isAccepted } from './delivered.ts'
import type { Rule } from './rule.ts'

/** An event is accepted again only where nobody could know of the time before, or where somebody asked for it. */
export const duplicates: Rule = {
  name: 'duplicates come of doubt or of a person',
  *check({ history }) {
    for (const event of history.events.values()) yield* checkEvent(event)
  },
}

/** How often receivers accepted what they had accepted before. */
export function countDuplicates(events: Iterable<EventHistory>): number {
  let count = 0
  for (const { requests } of events) count += Math.max(0, requests.filter(isAccepted).length - 1)
  return count
}

function* checkEvent({ eventId, records, requests }: EventHistory): Iterable<Finding> {
  const rounds = records.filter(({ record }) => 'budget' in record.event).length
  let known = 0
  for (const request of requests.filter(isAccepted)) {
    const { attempt } = request
    const end = records.find(
      ({ record: { event } }) => 'attempt' in event && event.attempt === attempt && event.type !== 'attempt.started',
    )?.record
    if (end?.event.type === 'attempt.succeeded') known += 1
    if (end === undefined || !('failure' in end.event) || end.event.failure.reach === 'unknown') continue
    const message = `attempt ${attempt} of ${eventId} was accepted, and the log says ${end.event.failure.message}`
    yield { message, seq: end.seq, eventId }
  }
  if (known > rounds) yield { message: `${eventId} was delivered ${known} times in ${rounds} rounds`, eventId }
}
