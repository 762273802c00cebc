import type { Evidence } from '../evidence.ts'

/** What was in flight when the process died is recorded as interrupted, before anything else becomes of its event. */
export function checkInterrupted({ deaths, facts }: Evidence): string[] {
  return deaths.flatMap(({ lastSeq, open }, index) =>
    open.flatMap(({ eventId, attempt }) => {
      const next = facts.events.get(eventId)?.transitions.find(({ seq }) => seq > lastSeq)?.event
      if (next?.type === 'attempt.interrupted' && next.attempt === attempt) return []
      const name = `${eventId} attempt ${attempt} was in flight at death ${index + 1}`
      return [`${name}, and what follows is ${next?.type ?? 'nothing'}`]
    }),
  )
}
