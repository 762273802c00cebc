import type { EventHistory, Finding } from '../history.ts'
import type { Rule } from './rule.ts'

/** An event is tried as often as its policy says, and given up only then. What hookline itself cut off does not count. */
export const budgets: Rule = {
  name: 'no event is tried more often than its policy says',
  *check({ history }) {
    for (const event of history.events.values()) yield* checkEvent(event)
  },
}

function* checkEvent({ eventId, records }: EventHistory): Iterable<Finding> {
  let budget = 0
  let used = 0
  for (const { record } of records) {
    const { event, seq, to } = record
    if ('budget' in event) {
      budget = event.budget
      used = 0
    }
    if (event.type === 'attempt.interrupted') used -= 1
    if (event.type === 'attempt.started') {
      used += 1
      if (used > budget) yield { message: `${eventId} began attempt ${used} of ${budget}`, seq, eventId }
    }
    if (to === 'deadLettered' && used < budget) {
      yield { message: `${eventId} was given up after ${used} attempts of ${budget}`, seq, eventId }
    }
  }
}
