import { anyEventType, prefixEnding } from '../endpoint/event-type-pattern.ts'
import type { WantedEvents } from '../log/stored-events.ts'
import type { EventConditions } from './event-query.ts'

/** More are no help: each is looked for again in every page. */
const mostEndpointIds = 16
/** After every character that a type may have. */
const afterAll = '\u{10FFFF}'

/** The bounds that the conditions of a query set to what its home has to look at. */
export function wantedEvents(conditions: EventConditions): WantedEvents {
  const { endpointIds, statuses, eventTypes, submittedFromMs, submittedUntilMs } = conditions
  return {
    endpointIds: endpointIds === null || endpointIds.size > mostEndpointIds ? null : [...endpointIds],
    statuses,
    types: eventTypes === null ? null : rangeOf(eventTypes),
    submittedFromMs,
    submittedUntilMs,
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
