// Who sees what. What is another tenant's is answered like what does not exist, to the letter.
import type { EndpointDetails } from '../../endpoint/endpoint-details.ts'
import type { EventDetails } from '../../event/event-details.ts'
import { EndpointNotFoundError, EventNotFoundError } from '../../errors/errors.ts'
import { nameId } from '../../errors/describe-value.ts'
import { ApiError } from '../http/api-error.ts'
import type { Caller } from '../keys/caller.ts'
import type { WebhookService } from '../../webhook-service.ts'

/** As much of a call as says what its caller sees. */
export interface Viewer {
  readonly caller: Caller
  readonly context: { readonly service: WebhookService }
}

/** @throws ApiError 404 */
export function webhookSeenBy({ caller, context }: Viewer, id: string): EndpointDetails {
  const endpoint = found(() => context.service.getEndpoint(id))
  if (endpoint === null || !isOf(caller, endpoint)) throw noSuchWebhook(id)
  return endpoint
}

/** @throws ApiError 404 */
export function deliverySeenBy(viewer: Viewer, id: string): EventDetails {
  const event = found(() => viewer.context.service.getEvent(id))
  if (event === null || !seesWebhook(viewer, event.endpointId)) throw noSuchDelivery(id)
  return event
}

/** Whether a caller sees a webhook, and so its events. Those of one that was removed are no tenant's any more. */
export function seesWebhook({ caller, context }: Viewer, id: string): boolean {
  if (caller.tenantId === null) return true
  const endpoint = found(() => context.service.getEndpoint(id))
  return endpoint !== null && isOf(caller, endpoint)
}

/** The ids of all webhooks a caller sees; with an event type, of those that get it. */
export function webhookIdsSeenBy({ caller, context }: Viewer, subscribedTo?: string): string[] {
  return context.service.endpointIds({ tenantId: caller.tenantId ?? undefined, subscribedTo })
}

export function noSuchWebhook(id: string): ApiError {
  return new ApiError(404, 'ENDPOINT_NOT_FOUND', `no webhook has the id ${nameId(id)}`)
}

export function noSuchDelivery(id: string): ApiError {
  return new ApiError(404, 'EVENT_NOT_FOUND', `no delivery has the id ${nameId(id)}: it never was, or is kept no longer`)
}

function isOf({ tenantId }: Caller, endpoint: EndpointDetails): boolean {
  return tenantId === null || endpoint.tenantId === tenantId
}

function found<T>(find: () => T): T | null {
  try {
    return find()
  } catch (error) {
    if (error instanceof EndpointNotFoundError || error instanceof EventNotFoundError) return null
    throw error
  }
}
