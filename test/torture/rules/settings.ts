import type { EventFact } from '../../soak/facts.ts'
import type { Evidence } from '../evidence.ts'
import type { LedgerDeed } from '../ledger.ts'
import { standingDeeds } from '../standing-deeds.ts'
import type { Arrival } from '../receivers/arrival.ts'

/** The processes read one clock, each a moment later, and times are whole milliseconds. */
const clockToleranceMs = 3

/**
 * What was done to an endpoint and acknowledged stays done, over all restarts: each request has its settings and the
 * signature of its secret, and none leaves while it is paused. What was asked for since and not acknowledged may be done.
 */
export function checkSettings({ arrivals, deeds, facts }: Evidence): string[] {
  const byEndpoint = new Map<string, LedgerDeed[]>()
  for (const deed of deeds) {
    const name = `${deed.endpoint} ${deed.kind}`
    const known = byEndpoint.get(name)
    if (known === undefined) byEndpoint.set(name, [deed])
    else known.push(deed)
  }
  const possible = (endpoint: number, kind: LedgerDeed['kind'], fromMs: number, untilMs: number): number[] =>
    possibleValues(byEndpoint.get(`${endpoint} ${kind}`) ?? [], fromMs, untilMs)
  const wrong = arrivals.flatMap((arrival) => {
    const event = facts.events.get(arrival.eventId)
    const startedAtMs = event === undefined ? undefined : startOf(event, arrival)
    if (startedAtMs === undefined) return []
    const versions = possible(arrival.endpoint, 'version', startedAtMs, arrival.at)
    const generations = possible(arrival.endpoint, 'generation', startedAtMs, arrival.at)
    return [
      ...differs(arrival, 'settings', arrival.version, versions),
      ...differs(arrival, 'secret', arrival.signedBy[0] ?? -1, generations),
    ]
  })
  for (const { endpoint, eventId, attempts } of facts.events.values()) {
    for (const { attempt, startedAtMs } of attempts) {
      const states = possible(endpoint.number, 'paused', startedAtMs, startedAtMs)
      if (!states.includes(0)) wrong.push(`${eventId} attempt ${attempt} started while its endpoint was paused`)
    }
  }
  return wrong
}

function startOf({ attempts }: EventFact, { attempt }: Arrival): number | undefined {
  return attempts[attempt - 1]?.startedAtMs
}

function differs({ eventId, attempt }: Arrival, what: string, has: number, possible: readonly number[]): string[] {
  if (possible.includes(has)) return []
  return [`${eventId} attempt ${attempt} has ${what} ${has}, not ${possible.join(' or ')}`]
}

/** The value last acknowledged before `fromMs`, and those asked for since, until `untilMs`. */
function possibleValues(deeds: readonly LedgerDeed[], fromMs: number, untilMs: number): number[] {
  return standingDeeds(deeds, (deed) => deed.acknowledgedAtMs < fromMs - clockToleranceMs)
    .filter((deed) => deed.askedAtMs <= untilMs + clockToleranceMs)
    .map(({ value }) => value)
}
