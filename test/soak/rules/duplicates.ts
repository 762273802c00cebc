import type { AttemptFact, EventFact, Facts } from '../facts.ts'
import { isMistaken } from './answers.ts'
import { isSuccess } from './is-success.ts'

/**
 * An endpoint has answered an event 2xx as often as the log delivered it, and once more at most for each attempt whose
 * end left open whether it had arrived.
 */
export function checkDuplicates({ events }: Facts): string[] {
  return Array.from(events.values()).flatMap((event) => {
    const accepted = acceptedBy(event)
    const delivered = event.attempts.filter(({ end }) => end?.type === 'attempt.succeeded').length
    const ambiguous = event.attempts.filter((attempt) => isAmbiguous(event, attempt)).length
    if (accepted <= delivered + ambiguous) return []
    return [
      `${event.eventId} was accepted ${accepted} times, with ${delivered} deliveries and ${ambiguous} unknown ends`,
    ]
  })
}

/** How many times an event was accepted that had been accepted before and not been redelivered. */
export function countDuplicates({ events }: Facts): number {
  let count = 0
  for (const event of events.values()) {
    const asked = event.attempts.filter(({ end }) => end?.type === 'attempt.succeeded').length
    count += Math.max(0, acceptedBy(event) - Math.max(1, asked))
  }
  return count
}

function acceptedBy({ attempts }: EventFact): number {
  return attempts.flatMap(({ received }) => received).filter(({ status }) => status !== null && isSuccess(status))
    .length
}

function isAmbiguous(event: EventFact, fact: AttemptFact): boolean {
  const { end } = fact
  return (end !== null && 'failure' in end && end.failure.reach === 'unknown') || isMistaken(event, fact)
}
