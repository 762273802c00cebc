// The rows E1 and following of docs/coming-from-another-system.md: the API and the receiver are on real sockets.
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/cli/config/load-config.ts'
import { engineOptions } from '../../../src/cli/config/engine-options.ts'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import { memoryKeys } from '../../../src/server/index.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import type { KeyOptions } from '../../../src/server/keys/issue-key.ts'
import { routeTable } from '../../../src/server/routes/route-table.ts'
import { readPage } from '../../docs/markdown-blocks.ts'
import { secret, startApi } from '../../server/routes/start-api.ts'
import { startEngine } from '../../support/start-engine.ts'

const event = (n: number) => ({ eventType: 'cart.updated', payload: { n } })

/** An API that asks for keys, and a way to make them. */
async function startWithKeys() {
  const keys = memoryKeys()
  const api = await startApi({}, { keys })
  const issue = async (options: KeyOptions) =>
    (await issueKey(keys, options, { clock: systemClock, randomBytes: systemRandomBytes })).text
  return { ...api, issue, admin: { 'x-api-key': await issue({ name: 'ops', role: 'admin' }) } }
}

/** An engine as `hookline serve` makes it of these variables, but with scripted answers. */
function startFromEnvironment(environment: Record<string, string>) {
  const { config } = loadConfig({ flags: {}, environment, folder: '/nowhere' })
  return startEngine(engineOptions(config))
}

describe('of a partner notification service', () => {
  it('E1 an array of events is taken in one request, and each arrives', async () => {
    const { call, webhook, receiver } = await startApi()
    await webhook()
    expect((await call('POST', '/events', [event(1), event(2)])).status).toBe(202)
    const requests = await receiver.waitFor(2)
    expect(requests.map((request) => [request.eventType, request.json()])).toEqual([
      ['cart.updated', { n: 1 }],
      ['cart.updated', { n: 2 }],
    ])
  })

  it('E2 the answer is 202 with a result for each event, in order', async () => {
    const { call, webhook, service } = await startApi()
    const ids = [await webhook({ eventTypes: ['cart.*'] }), await webhook()]
    const { status, json } = await call('POST', '/events', [event(1), { eventType: 'order.paid', payload: 2 }])
    expect(status).toBe(202)
    expect(json.results.map(({ events }) => events.map(({ endpointId }) => endpointId))).toEqual([ids, [ids[1]]])
    const payloads = json.results.map(({ events }) => service.getEvent(events[0]!.eventId).payload)
    expect(payloads).toEqual([{ n: 1 }, 2])
  })

  it('E3 the answer is 207 when some could not be enqueued, and says which and why', async () => {
    const { call, webhook, service } = await startApi({ limits: { pendingEvents: 2 } })
    service.pauseEndpoint(await webhook())
    const { status, json } = await call('POST', '/events', [event(1), event(2), event(3)])
    expect(status).toBe(207)
    expect(json.results).toMatchObject([
      { events: [{ eventId: expect.any(String) }] },
      { events: [{ eventId: expect.any(String) }] },
      { events: [{ error: { status: 429, code: 'CAPACITY_REACHED' } }] },
    ])
  })

  it('E4 the answer is 400 with the path of each bad field', async () => {
    const { call } = await startApi()
    const bad = [event(1), { payload: 1 }, { ...event(3), eventType: 7, colour: 'red' }]
    const { status, json } = await call('POST', '/events', bad)
    expect(status).toBe(400)
    expect(json.error.fields.map(({ path }) => path).sort()).toEqual(['/1/eventType', '/2/colour', '/2/eventType'])
  })

  it('E5 the answer is 401 without a valid X-API-Key', async () => {
    const { call, issue, admin } = await startWithKeys()
    const key = await issue({ name: 'shop', role: 'publisher' })
    const status = async (headers = {}) => (await call('POST', '/events', [event(1)], headers)).status
    expect(await status({ 'x-api-key': key })).toBe(202)
    expect(await status(admin)).toBe(202)
    const wrong = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`
    for (const headers of [{}, { 'x-api-key': wrong }, { 'x-api-key': 'none' }]) expect(await status(headers)).toBe(401)
  })

  it('E6 a fault inside is answered with 500, and tells nothing but where to find it', async () => {
    const { call, webhook, service } = await startApi()
    const endpointId = await webhook()
    const submitEvent = () => {
      throw new TypeError('a table is missing')
    }
    Object.defineProperty(service, 'submitEvent', { value: submitEvent })
    const { status, text, json } = await call('POST', '/events', { ...event(1), endpointId })
    expect([status, json.error.code]).toEqual([500, 'INTERNAL_ERROR'])
    expect(json.error.requestId).toEqual(expect.any(String))
    expect(text).not.toContain('table')
  })

  it('E7 nothing of a batch is taken when anything in it is not valid', async () => {
    const { call, webhook, service, receiver } = await startApi()
    await webhook()
    expect((await call('POST', '/events', [event(1), event(2), { eventType: 'a b', payload: 3 }])).status).toBe(400)
    expect([service.stats().submitted, receiver.received]).toEqual([0, 0])
  })

  it('E8 a partner gets what it is subscribed to, and sees nothing of another', async () => {
    const { call, issue, admin, receiver } = await startWithKeys()
    const [north, south] = await Promise.all(
      ['north', 'south'].map(async (tenantId) => ({
        'x-api-key': await issue({ name: 'p', role: 'admin', tenantId }),
      })),
    )
    const register = async (path: string, eventTypes: string[], headers?: Record<string, string>) =>
      (await call('POST', '/webhooks', { url: receiver.url + path, eventTypes }, headers)).json.id
    const ofNorth = await register('/north', ['cart.*'], north)
    const ofSouth = await register('/south', ['order.*'], south)
    const { json } = await call('POST', '/events', [event(1), { eventType: 'order.paid', payload: 2 }], admin)
    expect(json.results.map(({ events }) => events.map(({ endpointId }) => endpointId))).toEqual([[ofNorth], [ofSouth]])
    expect((await call('GET', `/webhooks/${ofSouth}`, undefined, north)).status).toBe(404)
    expect((await call('GET', '/webhooks', undefined, north)).json.data.map(({ id }) => id)).toEqual([ofNorth])
  })

  it('E9 each partner has a secret of its own, shown once', async () => {
    const { call, receiver } = await startApi()
    const made = []
    for (const path of ['/1', '/2']) made.push((await call('POST', '/webhooks', { url: receiver.url + path })).json)
    expect(new Set(made.map((webhook) => webhook.secret)).size).toBe(2)
    expect((await call('GET', `/webhooks/${made[0]!.id}`)).text).not.toContain(made[0]!.secret)
    await call('POST', '/events', event(1))
    const requests = await receiver.waitFor(2)
    const signed = (path: string, key: string) => {
      const { body, headers } = requests.find((request) => request.path === path)!
      return headers['x-signature'] === createHmac('sha256', key).update(body).digest('hex')
    }
    expect([signed('/1', made[0]!.secret), signed('/2', made[1]!.secret)]).toEqual([true, true])
    expect(signed('/1', made[1]!.secret)).toBe(false)
  })

  it('E10 an inactive partner is refused, and a paused webhook gets nothing until it is active again', async () => {
    const { call, issue, admin, receiver } = await startWithKeys()
    const partner = { 'x-api-key': await issue({ name: 'p', role: 'admin', tenantId: 'north' }) }
    const { id } = (await call('POST', '/webhooks', { url: receiver.url }, partner)).json
    const status = async () => (await call('GET', `/webhooks/${id}`, undefined, partner)).status
    await call('PUT', '/tenants/north', { active: false }, admin)
    expect(await status()).toBe(401)
    await call('PUT', '/tenants/north', { active: true }, admin)
    expect(await status()).toBe(200)

    await call('POST', `/webhooks/${id}/pause`, undefined, partner)
    expect((await call('POST', '/events', event(1), admin)).status).toBe(202)
    expect(receiver.received).toBe(0)
    await call('POST', `/webhooks/${id}/resume`, undefined, partner)
    await receiver.waitFor(1)
  })

  it('E11 attempts, delay and timeout are set by the environment', async () => {
    const { service, transport, clock, register } = startFromEnvironment({
      HOOKLINE_RETRY_MAX_ATTEMPTS: '3',
      HOOKLINE_RETRY_INITIAL_DELAY_MS: '2500',
      HOOKLINE_RETRY_JITTER: '0',
      HOOKLINE_TIMEOUT_MS: '5000',
    })
    transport.respond(() => 'held')
    const eventId = service.submitEvent(register(), 'cart.updated', {})
    await clock.advance(60_000)
    const { attempts, status } = service.getEvent(eventId)
    expect(status).toBe('deadLettered')
    expect(attempts.map(({ durationMs }) => durationMs)).toEqual([5000, 5000, 5000])
    const delays = attempts
      .slice(1)
      .map(({ startedAt }, n) => Date.parse(startedAt) - Date.parse(attempts[n]!.endedAt!))
    expect(delays).toEqual([2500, 5000])
  })

  it('E12 the number of requests at once is set by the environment', async () => {
    const { service, transport, quiet, register } = startFromEnvironment({ HOOKLINE_CONCURRENCY: '5' })
    transport.respond(() => 'held')
    for (let n = 0; n < 12; n += 1) service.submitEvent(register(), 'cart.updated', {})
    await quiet()
    expect(transport.open).toHaveLength(5)
  })

  it('E13 a batch of a hundred is taken, one of a thousand too, and none beyond', async () => {
    const { call, service, webhook } = await startApi()
    service.pauseEndpoint(await webhook())
    const submit = async (length: number) =>
      (
        await call(
          'POST',
          '/events',
          Array.from({ length }, (_, n) => event(n)),
        )
      ).status
    expect([await submit(100), await submit(1000), await submit(1001)]).toEqual([202, 202, 400])
    expect(service.stats().submitted).toBe(1100)
  })

  it('E14 the signature goes in a header of its own name', async () => {
    const { call, webhook, receiver } = await startApi()
    await webhook({ signing: { header: 'X-Partner-Signature-256', prefix: 'sha256=' } })
    await call('POST', '/events', event(1))
    const [request] = await receiver.waitFor(1)
    const hex = createHmac('sha256', secret).update(request!.body).digest('hex')
    expect(request!.headers['x-partner-signature-256']).toBe(`sha256=${hex}`)
    expect(request!.headers['x-signature']).toBeUndefined()
  })

  it('E15 what failed is kept, with why and every attempt', async () => {
    const { call, webhook, receiver, settled } = await startApi()
    await webhook()
    receiver.respond(404, { status: 500, body: 'no disk' })
    const { json } = await call('POST', '/events', [event(1), event(2)])
    const [failed, dead] = json.results.map(({ events }) => events[0]!.eventId)
    await Promise.all([settled(failed!), settled(dead!)])
    const list = await call('GET', '/deliveries?status=failed')
    expect(list.json.data).toMatchObject([{ id: failed, lastError: 'HTTP 404', attempts: 1 }])
    expect((await call('GET', '/dlq')).json.data).toMatchObject([{ id: dead, lastError: 'HTTP 500' }])
    const one = await call('GET', `/dlq/${dead}`)
    expect(one.json).toMatchObject({ payload: { n: 2 }, attempts: [{ status: 500, snippet: 'no disk' }] })
  })

  it('E16 the request collection asks for what there is, and the document for other clients is served', async () => {
    const { url } = await startApi()
    const asked = [...readPage('docs/api.http').matchAll(/^(GET|POST|PUT|PATCH|DELETE) \{\{hookline\}\}([^?\s]*)/gm)]
    expect(asked.length).toBeGreaterThan(15)
    const known = routeTable.map(({ method, path }) => new RegExp(`^${method} ${path.replaceAll(/:\w+/g, '[^/]+')}$`))
    for (const [line, method, path] of asked) {
      expect(
        known.some((route) => route.test(`${method} ${path}`)),
        line,
      ).toBe(true)
    }
    const document: unknown = await (await fetch(`${url}/openapi.json`)).json()
    expect(document).toMatchObject({ openapi: expect.stringMatching(/^3\.1/), paths: { '/api/v1/events': {} } })
  })
})
