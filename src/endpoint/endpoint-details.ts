import type { EndpointHealth, EndpointState, HealthDetails } from '../health/endpoint-health.ts'
import type { Endpoint } from './endpoint.ts'
import type { EndpointSettings } from './endpoint-options.ts'

/** An endpoint as it is shown: with its settings, without its secrets and without the values of its custom headers. */
export interface EndpointDetails extends Omit<EndpointSettings, 'headers'> {
  readonly id: string
  readonly url: string
  readonly state: EndpointState
  /** The names of the custom headers; their values are never shown, since they may be credentials. */
  readonly headers: readonly string[]
  readonly health: HealthDetails
}

export function describeEndpoint({ id, url, settings }: Endpoint, { state, details }: EndpointHealth): EndpointDetails {
  const headers = settings.headers.filter((_, index) => index % 2 === 0)
  return { id, url: url.href, state, ...settings, eventTypes: [...settings.eventTypes], headers, health: details }
}
