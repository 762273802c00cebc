import { nameId } from '../../errors/describe-value.ts'
import { EndpointNotFoundError, EventNotFoundError } from '../../errors/errors.ts'
import type { EndpointDetails } from '../../endpoint/endpoint-details.ts'
import type { EventDetails } from '../../event/event-details.ts'
import type { WebhookService } from '../../webhook-service.ts'
import type { Caller } from './caller.ts'

/**
 * What of a service a caller sees and touches: a key of the platform everything, a tenant's key what its tenant's endpoints are and
 * were sent. What is another's is refused exactly as what does not exist. An event whose endpoint was removed is nobody's.
 */
export interface Tenancy {
  /** @throws EndpointNotFoundError */
  endpoint(caller: Caller, endpointId: string): EndpointDetails
  /** @throws EventNotFoundError */
  event(caller: Caller, eventId: string): EventDetails
  seesEndpoint(caller: Caller, endpointId: string): boolean
}

export function createTenancy(service: WebhookService): Tenancy {
  const seesEndpoint = (caller: Caller, endpointId: string): boolean =>
    caller.tenantId === null || tenantOf(service, endpointId) === caller.tenantId
  return {
    seesEndpoint,
    endpoint(caller, endpointId) {
      const endpoint = service.getEndpoint(endpointId)
      if (caller.tenantId === null || endpoint.tenantId === caller.tenantId) return endpoint
      const rest = 'it was never registered, or it was removed'
      throw new EndpointNotFoundError(`no endpoint has the id ${nameId(endpointId)}: ${rest}`)
    },
    event(caller, eventId) {
      const event = service.getEvent(eventId)
      if (seesEndpoint(caller, event.endpointId)) return event
      const rest = 'it was never submitted, or retention has evicted it'
      throw new EventNotFoundError(`no event has the id ${nameId(eventId)}: ${rest}`)
    },
  }
}

/** Undefined for an endpoint that there is not. */
function tenantOf(service: WebhookService, endpointId: string): string | null | undefined {
  try {
    return service.getEndpoint(endpointId).tenantId
  } catch (error) {
    if (error instanceof EndpointNotFoundError) return undefined
    throw error
  }
}
