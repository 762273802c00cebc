import type { WebhookService } from '../../webhook-service.ts'
import type { Caller } from '../keys/caller.ts'

/** The ids of the webhooks that a caller sees, in no promised order; with an event type, of those that get it. */
export function webhookIdsOf(service: WebhookService, { tenantId }: Caller, subscribedTo?: string): string[] {
  return service.endpointIds({ tenantId: tenantId ?? undefined, subscribedTo })
}
