import type { EventFact } from '../../soak/facts.ts'
import type { Evidence } from '../evidence.ts'
import type { LedgerSubmission } from '../ledger.ts'
import { bodyOf } from './body-of.ts'

/** What was acknowledged is in the log, as it was submitted, and no id was given to two submissions. */
export function checkAcknowledged({ submissions, redelivered, facts }: Evidence): string[] {
  const wrong: string[] = []
  const owners = new Map<string, number>()
  for (const submission of submissions) {
    const { eventId, number, fate } = submission
    if (fate !== 'acknowledged' || eventId === null) continue
    const other = owners.get(eventId)
    if (other !== undefined) wrong.push(`submissions ${other} and ${number} were both acknowledged as ${eventId}`)
    owners.set(eventId, number)
    const event = facts.events.get(eventId)
    if (event === undefined) wrong.push(`submission ${number} was acknowledged as ${eventId}, and is lost`)
    else wrong.push(...differences(submission, event))
  }
  for (const eventId of redelivered) {
    const transitions = facts.events.get(eventId)?.transitions ?? []
    if (!transitions.some(({ event }) => event.type === 'redelivery.requested')) {
      wrong.push(`the redelivery of ${eventId} was acknowledged, and is lost`)
    }
  }
  return wrong
}

function differences({ number, endpoint, body }: LedgerSubmission, event: EventFact): string[] {
  const wrong: string[] = []
  if (bodyOf(event) !== body) wrong.push(`the log has another body for submission ${number} (${event.eventId})`)
  if (event.endpoint.number !== endpoint) {
    wrong.push(`submission ${number} to endpoint ${endpoint} is in the log as one to ${event.endpoint.number}`)
  }
  return wrong
}
