import type { EventFact } from '../../soak/facts.ts'
import type { Evidence } from '../evidence.ts'

/**
 * Every event settles once all is healed, and only for cause: a dead letter when its attempts are used up, of which those
 * that a kill cut off are none; `failed` when its endpoint refused it.
 */
export function checkSettled({ facts }: Evidence): string[] {
  return Array.from(facts.events.values()).flatMap((event) => {
    const cause = causeless(event)
    return cause === null ? [] : [`${event.eventId} of ${event.endpoint.endpointId} ${cause}`]
  })
}

function causeless(event: EventFact): string | null {
  const { status, attempts } = event
  if (status === 'delivered') return null
  if (status === 'failed') {
    return attempts.at(-1)?.end?.type === 'attempt.rejected' ? null : 'failed, and its endpoint had not refused it'
  }
  if (status !== 'deadLettered') return `is still ${status}`
  const { budget, firstSeq } = lastRound(event)
  const used = event.transitions.filter(
    ({ seq, event: { type } }) => seq >= firstSeq && (type === 'attempt.failed' || type === 'attempt.rejected'),
  ).length
  return used >= budget ? null : `is a dead letter after ${used} of ${budget} attempts`
}

/** A redelivery opens a new round of attempts. */
function lastRound({ transitions }: EventFact): { budget: number; firstSeq: number } {
  let [budget, firstSeq] = [Infinity, 0]
  for (const { seq, event } of transitions) {
    if (event.type === 'event.submitted' || event.type === 'redelivery.requested')
      [budget, firstSeq] = [event.budget, seq]
  }
  return { budget, firstSeq }
}
