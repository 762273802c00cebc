import type { EndpointDetails } from '../../endpoint/endpoint-details.ts'
import type { RecordedEndpoint } from '../../recorded/recorded-event.ts'
import { noCounts, unsettledOf } from './status-counts.ts'
import type { EndpointRow, StatusCounts } from './view-source.ts'

/** How many endpoints are listed. */
export const listedEndpoints = 100

/**
 * @param events absent while none of its events is known
 * @param payloads whether what may be confidential is shown: the query of a URL often holds a token
 */
export function liveEndpointRow(
  details: EndpointDetails,
  events: StatusCounts | undefined,
  payloads: boolean,
): EndpointRow {
  const { id, url, health } = details
  const { failingSince, disableAt, disableReason, breaker } = health
  return {
    endpointId: id,
    url: payloads ? url : url.replace(/\?.+/s, '?…'),
    state: stateOf(details),
    failingSince,
    disableAt,
    disableReason,
    breaker: breaker?.state ?? null,
    reopensAt: breaker?.reopensAt ?? null,
    events: { ...(events ?? noCounts()) },
  }
}

export function recordedEndpointRow(endpoint: RecordedEndpoint, hasBreaker: boolean): EndpointRow {
  const { endpointId, state, failingSince, disableAt, disableReason, breaker, reopensAt, events } = endpoint
  return {
    endpointId,
    url: null,
    state,
    failingSince,
    disableAt,
    disableReason,
    breaker: hasBreaker ? breaker : null,
    reopensAt,
    events,
  }
}

/** The state of its statechart, as far as its details tell it. */
function stateOf({ state, health: { failingSince, disableAt } }: EndpointDetails): EndpointRow['state'] {
  if (state !== 'active' || failingSince === null) return state
  return disableAt === null ? 'failing' : 'warned'
}

/** Those in trouble first, then those with most events unsettled. */
export function byUrgency(one: EndpointRow, other: EndpointRow): number {
  return troubleOf(other) - troubleOf(one) || unsettledOf(other.events) - unsettledOf(one.events)
}

function troubleOf({ state, breaker }: EndpointRow): number {
  if (state === 'disabled') return 3
  if (state === 'paused' || breaker === 'open') return 2
  return state === 'failing' || state === 'warned' || breaker === 'halfOpen' ? 1 : 0
}
