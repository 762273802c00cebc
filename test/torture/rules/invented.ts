import type { Evidence } from '../evidence.ts'
import { bodyOf } from './body-of.ts'

/**
 * Every event in the log was submitted, by a call that was not refused, and once: also what was submitted again because
 * nobody knew of it. What arrived has the body that was submitted. Events of one call are there together or not at all.
 */
export function checkInvented({ submissions, arrivals, facts }: Evidence): string[] {
  const wrong: string[] = []
  const byBody = new Map(submissions.map((submission) => [submission.body, submission]))
  const made = new Map<number, string>()
  for (const event of facts.events.values()) {
    const { eventId } = event
    const submission = byBody.get(bodyOf(event))
    if (submission === undefined) {
      wrong.push(`${eventId} is in the log, and nobody submitted it`)
      continue
    }
    const { number, fate } = submission
    if (fate === 'refused') wrong.push(`submission ${number} was refused, and is in the log as ${eventId}`)
    const other = made.get(number)
    if (other !== undefined) wrong.push(`submission ${number} made two events: ${other} and ${eventId}`)
    made.set(number, eventId)
  }
  for (const { eventId, attempt, body } of arrivals) {
    const event = facts.events.get(eventId)
    if (event !== undefined && bodyOf(event) !== body) wrong.push(`${eventId} attempt ${attempt} had another body`)
  }
  return [...wrong, ...halves(submissions, made)]
}

function halves(submissions: Evidence['submissions'], made: ReadonlyMap<number, string>): string[] {
  const batches = new Map<number, { all: number; made: number }>()
  for (const { batch, number } of submissions) {
    if (batch === null) continue
    const counts = batches.get(batch) ?? { all: 0, made: 0 }
    batches.set(batch, { all: counts.all + 1, made: counts.made + Number(made.has(number)) })
  }
  return Array.from(batches)
    .filter(([, counts]) => counts.made !== 0 && counts.made !== counts.all)
    .map(([batch, counts]) => `of the ${counts.all} events of batch ${batch} the log has ${counts.made}`)
}
