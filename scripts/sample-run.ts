// A small shop's webhooks on a virtual clock, for the pictures in docs/: the same on every run.
import { createWebhookService } from '../src/index.ts'
import type { Transport, WebhookService } from '../src/index.ts'
import { createVirtualClock } from '../src/testing/index.ts'
import type { VirtualClock } from '../src/testing/index.ts'

export interface SampleRun {
  readonly service: WebhookService
  readonly clock: VirtualClock
}

interface Answer {
  readonly status: number
  readonly afterMs: number
  readonly snippet?: string
}

/** Events of three endpoints: one is well, one refuses some, one is down for a while behind its breaker. */
export async function sampleRun(): Promise<SampleRun> {
  const clock = createVirtualClock({ startAt: '2025-03-03T09:30:00.000Z' })
  let dice = 1_234_567
  const random = (): number => (dice = (dice * 16_807) % 2_147_483_647) / 2_147_483_647
  let submitted = 0
  const ids = { endpointId: () => nextEndpoint(), eventId: () => `evt_${(1000 + (submitted += 1)).toString(36)}Kq7w` }
  const names = ['ep_warehouse', 'ep_billing', 'ep_crm']
  const nextEndpoint = (): string => names.shift() ?? 'ep_more'
  const transport = scriptedShop(clock, random)
  const service = createWebhookService({ clock, ids, random, transport, retry: { maxAttempts: 6, jitter: 0.2 } })
  const register = (host: string, options: object): string =>
    service.registerEndpoint(`https://${host}/hooks`, 'a secret both sides know', options)
  const warehouse = register('warehouse.example', { breaker: { failures: 4, cooldownMs: 4000 } })
  const billing = register('billing.example', { rateLimit: { perSecond: 4, burst: 4 } })
  const crm = register('crm.example', { ordering: 'key' })
  for (let order = 1; order <= 40; order += 1) {
    service.submitEvent(warehouse, order % 4 === 0 ? 'stock.reserved' : 'order.placed', {
      order,
      items: 2 + (order % 3),
    })
    if (order % 2 === 0) service.submitEvent(billing, 'invoice.created', { order, total: 40 + order })
    const orderingKey = `customer-${order % 5}`
    service.submitEvent(crm, order % 7 === 0 ? 'customer.deleted' : 'customer.updated', { order }, { orderingKey })
    await clock.advance(700)
  }
  return { service, clock }
}

/** The warehouse is down from second 12 to second 31; the CRM refuses deletions; billing is slow. */
function scriptedShop(clock: VirtualClock, random: () => number): Transport {
  const startMs = clock.now()
  const answerOf = (endpointId: string, eventType: string): Answer => {
    const sinceMs = clock.now() - startMs
    if (endpointId === 'ep_warehouse' && sinceMs > 12_000 && sinceMs < 31_000) {
      return { status: 503, afterMs: 180 + random() * 900, snippet: 'maintenance, back soon' }
    }
    if (eventType === 'customer.deleted') return { status: 422, afterMs: 60, snippet: 'unknown customer' }
    return { status: 200, afterMs: endpointId === 'ep_billing' ? 300 + random() * 200 : 40 + random() * 120 }
  }
  return {
    send({ endpointId, headers }, receiver) {
      const {
        status,
        afterMs,
        snippet = null,
      } = answerOf(endpointId, headers[headers.indexOf('X-Event-Type') + 1] ?? '')
      const timer = clock.setTimeout(
        () => receiver.answered({ kind: 'answered', status, retryAfter: null, snippet }),
        Math.round(afterMs),
      )
      return { abort: () => clock.clearTimeout(timer) }
    },
    release: () => undefined,
    close: () => Promise.resolve(),
  }
}
