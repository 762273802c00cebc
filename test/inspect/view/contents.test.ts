import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWebhookService } from '../../../src/index.ts'
import type { WebhookService } from '../../../src/index.ts'
import { attachInspector } from '../../../src/inspect/index.ts'
import { factsOf } from '../../../src/inspect/view/delivery-facts.ts'
import type { Transition } from '../../../src/log/transition.ts'
import { createVirtualClock } from '../../../src/testing/index.ts'
import { createScriptedTransport } from '../../support/scripted-transport.ts'
import { rawRequest } from '../server/raw-request.ts'

const clock = createVirtualClock()
const canaries = { payload: 'canary-payload', snippet: 'canary-snippet', key: 'canary-key', secret: 'canary-secret' }
let service: WebhookService
let eventId: string

beforeEach(async () => {
  const answer = { kind: 'answered', status: 500, retryAfter: null, snippet: canaries.snippet } as const
  service = createWebhookService({ clock, transport: createScriptedTransport(() => answer) })
  const endpointId = service.registerEndpoint('https://shop.example/hooks?token=canary-query', canaries.secret, {
    headers: { Authorization: 'canary-header' },
  })
  const payload = { note: canaries.payload }
  eventId = service.submitEvent(endpointId, 'order.paid', payload, { idempotencyKey: canaries.key })
  await clock.advance(10)
})

afterEach(() => service.shutdown({ timeoutMs: 0 }))

/** All that the server says, of everything there is. */
async function everything(payloads: boolean): Promise<string> {
  const inspector = await attachInspector(service, { payloads, clock })
  const [endpoint] = service.listEndpoints()
  const paths = [
    '/',
    '/api/overview',
    '/api/deliveries',
    `/api/delivery?id=${eventId}`,
    `/api/endpoint?id=${endpoint!.id}`,
  ]
  const answers = paths.map((path) => rawRequest(Number(new URL(inspector.url).port), { path }))
  const bodies = (await Promise.all(answers)).map(({ body }) => body)
  await inspector.close()
  return bodies.join('\n')
}

test('shows no payload, answer, idempotency key, query of a URL, secret or header value', async () => {
  const said = await everything(false)
  expect(said).toContain(eventId)
  expect(said).toContain('https://shop.example/hooks?…')
  expect(said).not.toMatch(/canary/)
})

test('shows payloads, answers and idempotency keys when asked to, and never a secret or header value', async () => {
  const said = await everything(true)
  for (const shown of [canaries.payload, canaries.snippet, canaries.key, 'token=canary-query'])
    expect(said).toContain(shown)
  expect(said).not.toMatch(/canary-(secret|header)/)
})

test.each([[{ card: 'canary' }], [['canary']], [7], [null], [undefined]])(
  'shows nothing of a body or an answer that a damaged log holds as %j',
  (content: unknown) => {
    const records = Array.from(service.log.entries({ eventId }), (record) => {
      const { event } = record
      const damage = 'body' in event ? { body: content } : 'snippet' in event ? { snippet: content } : {}
      return { ...record, event: { ...event, ...damage } } as Transition // what a file holds, no type vouches for
    })
    const { payload, records: shown } = factsOf(records, false)
    expect(payload.text).toBeNull()
    expect(shown).toHaveLength(records.length)
    expect(JSON.stringify(shown)).not.toMatch(/canary/)
  },
)

test.each(['at=x', 'at=-1', 'at=1.5', 'at='])('refuses the moment %s', async (query) => {
  const inspector = await attachInspector(service, { clock })
  const { status } = await rawRequest(Number(new URL(inspector.url).port), { path: `/api/overview?${query}` })
  expect(status).toBe(400)
  await inspector.close()
})

test.each([
  ['port', { port: 70_000 }],
  ['payloads', { payloads: 'yes' }],
  ['clock', { clock: {} }],
  ['settledEvents', { settledEvents: -1 }],
])('refuses a wrong %s', async (option, options) => {
  // The types forbid what a caller in JavaScript may still do.
  await expect(attachInspector(service, options as object)).rejects.toMatchObject({ code: 'INVALID_OPTION', option })
})
