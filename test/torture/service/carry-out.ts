import type { WebhookService } from '../../../src/index.ts'
import type { Deed, ServiceOrder, ServiceReply, Statuses, Submission } from './message.ts'

/** Does what was ordered. What it changed need not be durable yet. */
export async function carryOut(service: WebhookService, order: ServiceOrder): Promise<ServiceReply> {
  const { call } = order
  switch (order.type) {
    case 'submit':
      return { type: 'done', call, eventIds: submit(service, order.submissions) }
    case 'do':
      doTo(service, order.deed)
      break
    case 'drain':
      await service.drain()
      break
    case 'shutdown':
      await service.shutdown({ timeoutMs: 2_000 })
      break
    case 'statuses':
      return { type: 'statuses', call, statuses: statusesOf(service) }
    case 'capPages':
  }
  return { type: 'done', call, eventIds: [] }
}

function submit(service: WebhookService, submissions: readonly Submission[]): string[] {
  const events = submissions.map(({ orderingKey, idempotencyKey, ...event }) => ({
    ...event,
    orderingKey: orderingKey ?? undefined,
    idempotencyKey: idempotencyKey ?? undefined,
  }))
  if (events.length > 1) return service.submitEvents(events)
  return events.map(({ endpointId, eventType, payload, ...options }) =>
    service.submitEvent(endpointId, eventType, payload, options),
  )
}

function doTo(service: WebhookService, deed: Deed): void {
  switch (deed.type) {
    case 'register':
      service.registerEndpoint(deed.url, deed.secret, { ...deed.options, id: deed.endpointId })
      return
    case 'update':
      service.updateEndpoint(deed.endpointId, deed.patch)
      return
    case 'rotate':
      service.rotateSecret(deed.endpointId, deed.secret, { overlapMs: 0 })
      return
    case 'pause':
      service.pauseEndpoint(deed.endpointId)
      return
    case 'resume':
      service.resumeEndpoint(deed.endpointId)
      return
    case 'redeliver':
      service.redeliver(deed.eventId)
  }
}

/** Of everything that the log still holds. */
function statusesOf(service: WebhookService): Statuses {
  const events: Record<string, Statuses['events'][string]> = {}
  for (const { eventId } of service.log.entries()) events[eventId] ??= service.getEventStatus(eventId)
  const endpoints = Object.fromEntries(service.listEndpoints().map(({ id, state }) => [id, state] as const))
  return { events, endpoints }
}
