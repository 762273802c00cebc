import type { EventHistory, Finding } from '../history.ts'
import type { Rule } from './rule.ts'

const ends: ReadonlySet<string> = new Set([
  'attempt.succeeded',
  'attempt.failed',
  'attempt.rejected',
  'attempt.interrupted',
  'event.abandoned',
])

/** 1, 2, 3, …: each started once, ended once, and the next not before; each sent once, unless the process died. */
export const attempts: Rule = {
  name: 'attempts follow one another, each ended once',
  *check({ history }) {
    for (const event of history.events.values()) yield* checkEvent(event)
  },
}

function* checkEvent({ eventId, records, requests }: EventHistory): Iterable<Finding> {
  let started = 0
  let open = false
  for (const { record } of records) {
    const { event, seq } = record
    const at = { seq, eventId }
    if (event.type === 'attempt.started') {
      if (open) yield { ...at, message: `attempt ${event.attempt} of ${eventId} began before ${started} had ended` }
      if (event.attempt !== started + 1)
        yield { ...at, message: `attempt ${event.attempt} of ${eventId} came after ${started}` }
      started = event.attempt
      open = true
    } else if (ends.has(event.type)) {
      const number = 'attempt' in event ? event.attempt : started
      const isEnd = open && number === started
      const isRest = event.type === 'event.abandoned'
      if (!isEnd && !isRest)
        yield { ...at, message: `${event.type} ${number} of ${eventId} ended no attempt under way` }
      open = false
    }
  }
  const sent = new Set<number>()
  for (const { attempt } of requests) {
    if (sent.has(attempt)) yield { message: `attempt ${attempt} of ${eventId} was sent twice`, eventId }
    sent.add(attempt)
    if (attempt > started) yield { message: `attempt ${attempt} of ${eventId} was sent and never begun`, eventId }
  }
}
