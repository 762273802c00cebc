import type { EventDetails } from '../../event/event-details.ts'
import { payloadTextOf } from '../../event/payload-text.ts'
import type { WebhookService } from '../../webhook-service.ts'

/**
 * A delivery as JSON, its payload byte for byte as it was submitted: what JSON.parse made of it would lose digits and names that
 * stand twice.
 */
export function deliveryText(service: WebhookService, { eventId, payload, ...rest }: EventDetails): string {
  const text = JSON.stringify({ id: eventId, ...rest })
  return `${text.slice(0, -1)},"payload":${payloadText(service, eventId) ?? JSON.stringify(payload)}}`
}

/** Null when its records have gone since. */
function payloadText(service: WebhookService, eventId: string): string | null {
  for (const { event } of service.log.entries({ eventId })) {
    if (event.type === 'event.submitted') return payloadTextOf(event)
  }
  return null
}
