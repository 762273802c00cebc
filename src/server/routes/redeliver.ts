import type { WebhookService } from '../../webhook-service.ts'
import type { Answer } from './route.ts'

/** Puts a delivery back in line. The answer, `redeliveredDelivery`, comes when that is durable. */
export async function redeliver(service: WebhookService, id: string): Promise<Answer> {
  service.redeliver(id)
  await service.flush()
  return { status: 202, body: { id, status: service.getEventStatus(id).status } }
}
