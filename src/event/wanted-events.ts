import { anyEventType, prefixEnding } from '../endpoint/event-type-pattern.ts'
import type { WantedEvents } from '../log/stored-events.ts'
import type { EventConditions } from './event-query.ts'

/** After every character that a type may have. */
const afterAll = '\u{10FFFF}'

/** The bounds that the conditions of a query set to what its home has to look at. */
export function wantedEvents(conditions: EventConditions): WantedEvents {
  const { ofEndpoint, statuses, eventTypes, submittedFromMs, submittedUntilMs } = conditions
  return {
    ofEndpoint: ofEndpoint === null ? null : onceEach(ofEndpoint),
    statuses,
    types: eventTypes === null ? null : rangeOf(eventTypes),
    submittedFromMs,
    submittedUntilMs,
  }
}

/** Asks once for each endpoint, in whatever number of pages it is met. */
function onceEach(ofEndpoint: (endpointId: string) => boolean): (endpointId: string) => boolean {
  const answers = new Map<string, boolean>()
  return (endpointId) => {
    const known = answers.get(endpointId)
    if (known !== undefined) return known
    const answer = ofEndpoint(endpointId)
    answers.set(endpointId, answer)
    return answer
  }
}

/** From the first type that fits any of the patterns to the last. */
function rangeOf(patterns: readonly string[]): readonly [first: string, last: string] | null {
  if (patterns.includes(anyEventType)) return null
  const prefixes = patterns.filter((pattern) => pattern.endsWith(prefixEnding)).map((pattern) => pattern.slice(0, -1))
  const whole = patterns.filter((pattern) => !pattern.endsWith(prefixEnding))
  const ends = [...whole, ...prefixes.map((prefix) => prefix + afterAll)].sort()
  const [first = ''] = [...whole, ...prefixes].sort()
  return [first, ends.at(-1) ?? afterAll]
}
