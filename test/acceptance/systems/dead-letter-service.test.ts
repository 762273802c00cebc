// System D: an HTTP service with retry and a dead letter queue. Each test holds the row of docs/coming-from-another-system.md with
// whose id its name begins; those of its settings and its deployment are in dead-letter-service-run.test.ts.
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { verifySignature } from '../../../src/verify/index.ts'
import { parsePrometheusText, valueOf } from '../../server/metrics/prometheus-text.ts'
import { secret, startSystem } from './start-system.ts'

const once = { retry: { maxAttempts: 1 } }
const hours = (count: number): number => count * 3_600_000

describe('the API', () => {
  it('D1 at least once: whatever a receiver does, each event arrives or is a dead letter', async () => {
    const service = { retry: { maxAttempts: 20 } }
    const { webhook, submit, rest, receiver, ask } = await startSystem({ service })
    const fates = [500, 'hang', 'reset', 503, 200, 'hang', 500, 200, 'reset', 200] as const
    receiver.respond(...fates)
    await webhook({ retry: { maxAttempts: 3 } })
    const ids: string[] = []
    for (let id = 1; id <= 6; id += 1) ids.push(...(await submit('order.paid', { id })))
    await rest()
    const { body } = await ask('GET', '/api/v1/deliveries')
    const accepted = receiver.requests
      .filter(({ respondedWith }) => respondedWith === 200)
      .map(({ eventId }) => eventId)
    const given = body.data.filter(({ status }) => status === 'deadLettered').map(({ id }) => id)
    expect([...new Set([...accepted, ...given])].sort()).toEqual(ids.sort())
    expect(given).toHaveLength(1)
  })

  it('D2 a webhook has a URL, a secret, event types with *, a number of attempts, a timeout', async () => {
    const { ask, receiver, submit, rest, service } = await startSystem()
    receiver.respond('hang', 'hang', 'hang')
    const retry = { maxAttempts: 3 }
    const given = { url: `${receiver.url}/hooks`, secret, eventTypes: ['order.*'], retry, timeoutMs: 5000 }
    const { status, body } = await ask('POST', '/api/v1/webhooks', given)
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { ...given, id: expect.stringMatching(/^ep_/), state: 'active' },
    })
    const [id = ''] = await submit('order.paid')
    expect(await submit('user.created')).toEqual([])
    await rest()
    expect(service.getEvent(id).attempts.map(({ durationMs }) => durationMs)).toEqual([5000, 5000, 5000])
    expect(receiver.requests.every(({ signatureValid }) => signatureValid)).toBe(true)
    await ask('POST', '/api/v1/webhooks', { ...given, eventTypes: ['*'] })
    expect(await submit('user.created')).toHaveLength(1)
  })

  it('D3 an event goes to all who are subscribed to its type', async () => {
    const { webhook, submit, rest, receiver } = await startSystem()
    await webhook({ eventTypes: ['order.*'] }, '/orders')
    await webhook({ eventTypes: ['*'] }, '/all')
    await webhook({ eventTypes: ['user.created'] }, '/users')
    expect(await submit('order.paid', { id: 7 })).toHaveLength(2)
    await rest()
    expect(receiver.requests.map(({ path, body }) => `${path} ${body}`).sort()).toEqual([
      '/all {"id":7}',
      '/orders {"id":7}',
    ])
  })

  it('D4 a delivery is read by its id, with every attempt', async () => {
    const { ask, webhook, submit, rest, receiver } = await startSystem()
    receiver.respond({ status: 503, body: 'busy' })
    const endpointId = await webhook()
    const [id] = await submit('order.paid')
    await rest()
    const { body } = await ask('GET', `/api/v1/deliveries/${id}`)
    expect(body).toMatchObject({ id, endpointId, eventType: 'order.paid', status: 'delivered' })
    expect(body['attempts']).toMatchObject([
      { attempt: 1, status: 503, outcome: 'failed', snippet: 'busy', durationMs: expect.any(Number) },
      { attempt: 2, status: 200, outcome: 'succeeded' },
    ])
    expect((await ask('GET', '/api/v1/deliveries/evt_none')).status).toBe(404)
  })

  it('D5 dead letters are listed', async () => {
    const { ask, webhook, submit, rest } = await startSystem({ service: once, receiver: { default: 500 } })
    const endpointId = await webhook()
    const [first] = await submit('order.paid')
    const [second] = await submit('order.shipped')
    await rest()
    const { body } = await ask('GET', '/api/v1/dlq')
    expect(body.data).toMatchObject([
      { id: second, endpointId, status: 'deadLettered' },
      { id: first, endpointId, status: 'deadLettered' },
    ])
  })

  it('D6 stats tell the totals', async () => {
    const { ask, webhook, submit, rest, clock } = await startSystem()
    const paused = await webhook({}, '/paused')
    await webhook()
    await ask('POST', `/api/v1/webhooks/${paused}/pause`)
    await submit('order.paid')
    await rest()
    await clock.advance(60_000)
    const { body } = await ask('GET', '/api/v1/stats')
    expect(body).toMatchObject({ endpoints: 2, events: { pending: 1, delivered: 1 } })
    expect(body['lagMs']).toBeGreaterThanOrEqual(60_000)
  })

  it('D7 health is told, and by itself whether it lives and whether it is ready', async () => {
    const { ask } = await startSystem()
    expect(await ask('GET', '/health')).toMatchObject({ status: 200, body: { status: 'ready' } })
    expect(await ask('GET', '/health/live')).toMatchObject({ status: 200, body: { live: true } })
    expect(await ask('GET', '/health/ready')).toMatchObject({ status: 200, body: { ready: true } })
  })

  it('D8 metrics are there for Prometheus', async () => {
    const { ask } = await startSystem()
    const { status, headers, text } = await ask('GET', '/metrics')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('text/plain; version=0.0.4')
    expect(parsePrometheusText(text).size).toBeGreaterThan(20)
  })

  it('D9 a page describes the API', async () => {
    const { ask } = await startSystem()
    const page = await ask('GET', '/docs')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
    const { body } = await ask('GET', '/openapi.json')
    expect(body).toMatchObject({
      openapi: expect.stringMatching(/^3\.1/),
      paths: { '/api/v1/events': { post: {} }, '/api/v1/dlq': { get: {} } },
    })
  })
})

describe('on the wire', () => {
  it('D11 the body is { id, event, timestamp, data }', async () => {
    const { webhook, submit, rest, receiver } = await startSystem()
    await webhook({ body: 'envelope' })
    const [id] = await submit('order.paid', { total: 12 })
    await rest()
    const [request] = receiver.requests
    expect(request!.signatureValid).toBe(true)
    const timestamp = '2025-01-01T00:00:00.000Z'
    expect(request!.json()).toEqual({ id, event: 'order.paid', timestamp, data: { total: 12 } })
  })

  it('D12 the signature is in X-Webhook-Signature, as sha256=<hex>', async () => {
    const { webhook, submit, rest, receiver } = await startSystem()
    await webhook({ signing: { header: 'X-Webhook-Signature', prefix: 'sha256=' } })
    await submit('order.paid', { total: 12 })
    await rest()
    const { headers, body } = receiver.requests[0]!
    expect(headers['x-webhook-signature']).toBe(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
    expect(headers).not.toHaveProperty('x-signature')
  })

  it('D13 receivers verify in constant time', async () => {
    const { webhook, submit, rest, receiver, clock } = await startSystem()
    await webhook()
    await submit('order.paid')
    await rest()
    const { headers, body } = receiver.requests[0]!
    const now = () => clock.now()
    expect(verifySignature({ secret, headers, body, now })).toBe(true)
    expect(verifySignature({ secret: 'a guess', headers, body, now })).toBe(false)
    expect(verifySignature({ secret, headers, body: `${body} `, now })).toBe(false)
    const right = String(headers['x-signature'])
    const wrong = [`0${right.slice(1)}`, `${right.slice(0, -1)}0`].map((text) =>
      text === right ? right.slice(1) : text,
    )
    for (const text of [...wrong, '', right.slice(1)]) {
      expect(verifySignature({ secret, headers: { 'x-signature': text }, body, scheme: 'body' })).toBe(false)
    }
  })

  it('D14 a request that is sent again later is refused for its timestamp', async () => {
    const { webhook, submit, rest, receiver } = await startSystem()
    await webhook()
    await submit('order.paid')
    await rest()
    const { headers, body } = receiver.requests[0]!
    const sentAt = Date.parse('2025-01-01T00:00:00.000Z')
    const after = (ms: number) => verifySignature({ secret, headers, body, now: () => sentAt + ms })
    expect([0, 300_000, 301_000, -301_000].map(after)).toEqual([true, true, false, false])
    const timestamp = String(Number(headers['webhook-timestamp']) + 600)
    const moved = { ...headers, 'webhook-timestamp': timestamp }
    expect(verifySignature({ secret, headers: moved, body, now: () => Number(timestamp) * 1000 })).toBe(false)
  })

  it('D15 with HTTPS only, plain HTTP is refused before a connection is opened', async () => {
    const { ask, receiver } = await startSystem({ service: { egress: { httpsOnly: true } } })
    const { status, body } = await ask('POST', '/api/v1/webhooks', { url: receiver.url, secret })
    expect({ status, body }).toMatchObject({ status: 400, body: { error: { fields: [{ path: '/url' }] } } })
    const https = receiver.url.replace('http:', 'https:')
    expect((await ask('POST', '/api/v1/webhooks', { url: https, secret })).status).toBe(201)
    expect(receiver.received).toBe(0)
  })
})

describe('dead letters', () => {
  it('D18 they are kept for seven days', async () => {
    const { ask, webhook, submit, rest, clock } = await startSystem({ service: once, receiver: { default: 500 } })
    await webhook()
    const [id] = await submit('order.paid')
    await rest()
    await clock.advance(hours(7 * 24) - 60_000)
    expect((await ask('GET', `/api/v1/dlq/${id}`)).status).toBe(200)
    await clock.advance(hours(1))
    await submit('order.paid')
    await rest()
    expect((await ask('GET', `/api/v1/dlq/${id}`)).status).toBe(404)
  })

  it('D19 they are replayed, one or all', async () => {
    const { ask, webhook, submit, rest, receiver } = await startSystem({ service: once })
    receiver.respond(500, 500, 500)
    await webhook()
    const ids: string[] = []
    for (let id = 1; id <= 3; id += 1) ids.push(...(await submit('order.paid', { id })))
    await rest()
    expect((await ask('POST', `/api/v1/dlq/${ids[1]}/redeliver`)).status).toBe(202)
    await rest()
    expect((await ask('POST', '/api/v1/dlq/redeliver', { all: true })).body).toMatchObject({ redelivered: 2 })
    await rest()
    expect(receiver.requests.slice(3).map(({ eventId }) => eventId)).toEqual([ids[1], ids[0], ids[2]])
    expect((await ask('GET', '/api/v1/stats')).body.events).toMatchObject({ delivered: 3, deadLettered: 0 })
  })

  it('D20 one shows its endpoint, payload, reason, attempts, when it was made, and when it expires', async () => {
    const { ask, webhook, submit, rest } = await startSystem({
      service: { retry: { maxAttempts: 2, jitter: 0 } },
      receiver: { default: 502 },
    })
    const endpointId = await webhook()
    const [id] = await submit('order.paid', { total: 12 })
    await rest()
    const { body } = await ask('GET', `/api/v1/dlq/${id}`)
    expect(body).toMatchObject({ endpointId, payload: { total: 12 }, lastError: 'HTTP 502' })
    expect(body).toMatchObject({
      submittedAt: '2025-01-01T00:00:00.000Z',
      attempts: [{ status: 502 }, { status: 502 }],
    })
    expect(body).toMatchObject({
      settledAt: '2025-01-01T00:00:01.000Z',
      expiresAt: '2025-01-08T00:00:01.000Z',
    })
  })

  it('D21 an alert tells at once that there is one, and then how many more there are', async () => {
    const { webhook, submit, rest, receiver, clock } = await startSystem({
      service: once,
      server: ({ url }) => ({ alerts: { url: `${url}/alerts`, secret, everyMs: 600_000, lagMs: null } }),
      receiver: { default: ({ path }) => (path === '/alerts' ? 200 : 500) },
    })
    await webhook()
    for (let id = 1; id <= 10; id += 1) await submit('order.paid', { id })
    await rest()
    const alerts = () => receiver.requests.filter(({ path }) => path === '/alerts')
    await receiver.waitUntil(() => alerts().length === 1)
    await clock.advance(600_000)
    await expect.poll(async () => (await clock.advance(25), alerts().length)).toBe(2)
    expect(alerts().map((alert) => alert.json())).toMatchObject([
      { kind: 'deadLetter', more: 0 },
      { kind: 'deadLetter', more: 8 },
    ])
    expect(alerts().every(({ signatureValid }) => signatureValid)).toBe(true)
  })
})

describe('event types and metrics', () => {
  it('D22 there are types for users, orders and payments, and any other', async () => {
    const { webhook, submit, rest, receiver, ask } = await startSystem()
    await webhook({ eventTypes: ['user.*'] }, '/users')
    await webhook({ eventTypes: ['order.*', 'payment.*'] }, '/sales')
    await webhook({ eventTypes: ['lab.sample-7.done'] }, '/lab')
    for (const type of ['user.created', 'order.cancelled', 'payment.failed', 'lab.sample-7.done']) await submit(type)
    await rest()
    expect(receiver.requests.map(({ path, eventType }) => `${path} ${eventType}`).sort()).toEqual([
      '/lab lab.sample-7.done',
      '/sales order.cancelled',
      '/sales payment.failed',
      '/users user.created',
    ])
    expect((await ask('POST', '/api/v1/events', { eventType: 'not a type', payload: 1 })).status).toBe(400)
  })

  it('D29 the metrics have the names and labels that dashboards know', async () => {
    const { ask, webhook, submit, rest, receiver } = await startSystem({ service: once })
    receiver.respond(200, 500, 400)
    const id = await webhook()
    for (let event = 1; event <= 3; event += 1) await submit('order.paid')
    await rest()
    await ask('POST', `/api/v1/webhooks/${id}/pause`)
    await submit('user.created')
    const families = parsePrometheusText((await ask('GET', '/metrics')).text)
    expect(valueOf(families, 'webhook_events_total', { event_type: 'order.paid' })).toBe(3)
    expect(valueOf(families, 'webhook_events_total', { event_type: 'user.created' })).toBe(1)
    for (const status of ['delivered', 'failed', 'deadLettered']) {
      expect(valueOf(families, 'webhook_deliveries_total', { status })).toBe(1)
    }
    expect(valueOf(families, 'webhook_delivery_duration_seconds_count')).toBe(1)
    expect(valueOf(families, 'webhook_queue_size')).toBe(1)
    expect(valueOf(families, 'webhook_endpoints_total')).toBe(1)
  })
})
