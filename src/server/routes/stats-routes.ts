// How much waits, for whom, and since when; and what became of the rest.
import type { Clock } from '../../clock/clock.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { lagMsOf } from '../lag-ms.ts'
import { closedObject } from '../schemas/closed-object.ts'
import { pageQuery } from '../schemas/page.ts'
import { stats, webhookStats, webhookStatsPage } from '../schemas/stats.ts'
import { webhookId } from '../schemas/webhook.ts'
import { answerPage } from './id-list.ts'
import { defineRoute } from './route.ts'
import { webhookIdsOf } from './webhook-ids.ts'

const tag = 'stats'
const access = { roles: ['admin', 'reader'], scope: 'tenant' } as const

const getStatsRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/stats',
  operationId: 'getStats',
  summary: 'Events by state, and the lag',
  description: "With a tenant's key, of that tenant's webhooks.",
  tag,
  access,
  request: {},
  responses: { 200: stats },
  handle({ caller, context: { service, clock } }) {
    const body =
      caller.tenantId === null ? ofService(service, clock) : ofWebhooks(service, clock, webhookIdsOf(service, caller))
    return { status: 200, body }
  },
})

const listWebhookStatsRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/stats/webhooks',
  operationId: 'listWebhookStats',
  summary: 'What waits for each webhook, its dead letters and totals, page by page, in the order of their ids',
  tag,
  access,
  request: { query: closedObject(pageQuery) },
  responses: { 200: webhookStatsPage },
  handle({ query, caller, context: { service, clock } }) {
    return answerPage('webhookStats', webhookIdsOf(service, caller), query, (id) => ofWebhook(service, clock, id))
  },
})

const getWebhookStatsRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/stats/webhooks/:id',
  operationId: 'getWebhookStats',
  summary: 'What waits for one webhook, its dead letters, and totals since the start',
  tag,
  access,
  request: { params: closedObject({ id: webhookId }) },
  responses: { 200: webhookStats },
  handle({ params: { id }, caller, context: { service, tenancy, clock } }) {
    tenancy.endpoint(caller, id)
    return { status: 200, body: ofWebhook(service, clock, id) }
  },
})

export const statsRoutes = [getStatsRoute, listWebhookStatsRoute, getWebhookStatsRoute]

function ofWebhook(service: WebhookService, clock: Clock, endpointId: string): object {
  const figures = service.endpointStats(endpointId)
  return { endpointId, ...figures, lagMs: lagMsOf(figures.oldestPendingAt, clock.now()) }
}

function ofService(service: WebhookService, clock: Clock): object {
  const figures = service.stats()
  const { events, endpoints, pendingBytes, inFlight, oldestPendingAt, ...rest } = figures
  return {
    events,
    endpoints,
    pendingBytes,
    inFlight,
    oldestPendingAt,
    lagMs: lagMsOf(oldestPendingAt, clock.now()),
    service: rest,
  }
}

/** Of events that were delivered or failed, only the service as a whole counts those that are kept. */
function ofWebhooks(service: WebhookService, clock: Clock, ids: readonly string[]): object {
  const events = { pending: 0, delivering: 0, backoff: 0, delivered: null, failed: null }
  let deadLettered: number | null = 0
  const sum = { pendingBytes: 0, inFlight: 0 }
  let oldestPendingAt: string | null = null
  for (const id of ids) {
    const one = service.endpointStats(id)
    events.pending += one.events.pending
    events.delivering += one.events.delivering
    events.backoff += one.events.backoff
    const dead = one.events.deadLettered
    deadLettered = deadLettered === null || dead === null ? null : deadLettered + dead
    sum.pendingBytes += one.pendingBytes
    sum.inFlight += one.inFlight
    if (one.oldestPendingAt !== null && (oldestPendingAt === null || one.oldestPendingAt < oldestPendingAt)) {
      oldestPendingAt = one.oldestPendingAt
    }
  }
  const lagMs = lagMsOf(oldestPendingAt, clock.now())
  return { events: { ...events, deadLettered }, endpoints: ids.length, ...sum, oldestPendingAt, lagMs, service: null }
}
