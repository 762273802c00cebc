import type { EventFact } from '../../soak/facts.ts'

/** The body of an event, as its first record has it. */
export function bodyOf({ transitions }: EventFact): string {
  const first = transitions[0]?.event
  return first?.type === 'event.submitted' ? first.body : ''
}
