import type { EventFact } from '../../soak/facts.ts'
import type { Evidence } from '../evidence.ts'

/** Places in a line are given from 1 on without gaps, over all restarts. Where nothing waits, the endpoint is one line. */
export function checkPlaces({ facts }: Evidence): string[] {
  const last = new Map<string, number>()
  return Array.from(facts.events.values()).flatMap((event) => {
    const line = lineOf(event)
    const expected = (last.get(line) ?? 0) + 1
    last.set(line, event.sequence)
    return event.sequence === expected
      ? []
      : [`${event.eventId} has place ${event.sequence} of its line, and ${expected} was next`]
  })
}

function lineOf({ endpoint, lane }: EventFact): string {
  return endpoint.ordering === 'none' ? endpoint.endpointId : lane
}
