import type { AttemptFact, EventFact } from '../../soak/facts.ts'
import { isSuccess } from '../../soak/rules/is-success.ts'
import type { Evidence } from '../evidence.ts'

/**
 * An endpoint accepts an event a second time only where nobody could know of the first: its request was in flight when
 * the process died, or its answer came too late. So no line sees more of them than there were kills.
 */
export function checkDuplicatesByKills({ deaths, facts }: Evidence): string[] {
  const cutOff = new Set(deaths.flatMap(({ open }) => open.map(({ eventId, attempt }) => `${eventId} ${attempt}`)))
  const wrong: string[] = []
  const ofLine = new Map<string, number>()
  for (const event of facts.events.values()) {
    for (const attempt of unknownSuccesses(event)) {
      if (cutOff.has(`${event.eventId} ${attempt}`)) ofLine.set(event.lane, (ofLine.get(event.lane) ?? 0) + 1)
      else wrong.push(`${event.eventId} attempt ${attempt} was accepted, and the log does not say so`)
    }
  }
  for (const [lane, count] of ofLine) {
    if (count > deaths.length) wrong.push(`line ${lane} has ${count} duplicates after ${deaths.length} kills`)
  }
  return wrong
}

/** Attempts that were accepted without the log saying so, but for answers that came too late. */
function unknownSuccesses(event: EventFact): number[] {
  return unnoticedSuccesses(event)
    .filter(({ end }) => end?.type !== 'attempt.failed' || end.failure.reason !== 'timeout')
    .map(({ attempt }) => attempt)
}

/** How many requests were accepted without the log saying so, by how it says that they ended. */
export function countUnnoticed({ facts }: Evidence): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const event of facts.events.values()) {
    for (const { end } of unnoticedSuccesses(event)) {
      const name = end !== null && 'failure' in end ? `${end.type} (${end.failure.reason})` : String(end?.type)
      counts[name] = (counts[name] ?? 0) + 1
    }
  }
  return counts
}

function unnoticedSuccesses({ attempts }: EventFact): AttemptFact[] {
  return attempts.filter(
    ({ received, end }) =>
      end?.type !== 'attempt.succeeded' && received.some(({ status }) => status !== null && isSuccess(status)),
  )
}
