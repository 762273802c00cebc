import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import { memoryKeys } from '../../../src/server/keys/memory-keys.ts'
import type { StreamOptions } from '../../../src/server/stream/stream-options.ts'
import { startEngine } from '../../support/start-engine.ts'
import type { Engine } from '../../support/start-engine.ts'
import { startServer } from '../watched-server.ts'
import { openEventSource } from './event-source.ts'
import type { StreamEvent } from './stream-events.ts'

const path = '/api/v1/deliveries/stream'

async function serve(engine: Engine, stream: StreamOptions = {}) {
  const { server, url } = await startServer(engine.service, { clock: engine.clock, stream })
  return { server, url: `${url}${path}` }
}

/** The same with keys: the headers of a reader of each tenant. */
async function serveTenants(engine: Engine, tenants: readonly string[], stream: StreamOptions = {}) {
  const { clock } = engine
  const keys = memoryKeys()
  const headers: { authorization: string }[] = []
  for (const tenantId of tenants) {
    const { text } = await issueKey(keys, { name: tenantId, role: 'reader', tenantId }, { clock, randomBytes })
    headers.push({ authorization: `Bearer ${text}` })
  }
  const { url } = await startServer(engine.service, { clock, stream, keys })
  return { url: `${url}${path}`, headers, keys }
}

/** The steps among what came, in a few words: `1 pending`. */
function steps(events: readonly StreamEvent[]): string[] {
  return events
    .filter(({ type }) => type === 'step')
    .map(({ data }) => data as { seq: number; status: string })
    .map(({ seq, status }) => `${seq} ${status}`)
}

const others = (events: readonly StreamEvent[]) => events.filter(({ type }) => type !== 'step')

describe('GET /api/v1/deliveries/stream', () => {
  test('tells every step as it is recorded, numbered, without payloads and answers', async () => {
    const engine = startEngine()
    const { url } = await serve(engine)
    const source = await openEventSource(url)
    expect(source.status).toBe(200)
    expect(source.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    await source.until((_, text) => text.startsWith('retry: '))
    const endpoint = engine.register()
    engine.transport.respond(({ attempt }) => (attempt === 1 ? 503 : 200))
    const eventId = engine.service.submitEvent(endpoint, 'order.paid', { card: 'a secret number' })
    await engine.clock.advance(1000)
    await source.until((events) => events.length >= 5)
    expect(steps(source.events)).toEqual(['1 pending', '2 delivering', '3 backoff', '4 delivering', '5 delivered'])
    expect(source.events.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5'])
    expect(source.events[2]!.data).toEqual({
      seq: 3,
      at: '2025-01-01T00:00:00.000Z',
      eventId,
      endpointId: endpoint,
      eventType: 'order.paid',
      step: 'attempt.failed',
      from: 'delivering',
      status: 'backoff',
      attempts: 1,
      error: 'HTTP 503',
      durationMs: 0,
      retryAt: '2025-01-01T00:00:01.000Z',
    })
    expect(source.text).not.toContain('a secret number')
  })

  test('tells only of what is asked for', async () => {
    const engine = startEngine()
    const { url } = await serve(engine)
    const [one, two] = [engine.register(), engine.register()]
    const [ofOne, ofOrders, delivered] = await Promise.all([
      openEventSource(`${url}?endpointId=${one}`),
      openEventSource(`${url}?eventType=order.*`),
      openEventSource(`${url}?status=delivered&endpointId=${two}`),
    ])
    await Promise.all([ofOne, ofOrders, delivered].map((source) => source.until((_, text) => text !== '')))
    engine.service.submitEvent(one, 'refund', {})
    engine.service.submitEvent(two, 'order.paid', {})
    await engine.quiet()
    await ofOne.until((events) => events.length === 3)
    await ofOrders.until((events) => events.length === 3)
    await delivered.until((events) => events.length === 1)
    expect(ofOne.events.map(({ data }) => data)).toMatchObject(Array(3).fill({ eventType: 'refund' }))
    // An event that was submitted before anyone listened has its type too.
    expect(ofOrders.events.map(({ data }) => data)).toMatchObject(Array(3).fill({ endpointId: two }))
    expect(delivered.events.map(({ data }) => data)).toMatchObject([{ endpointId: two, status: 'delivered' }])
  })

  test('shows a tenant its own endpoints alone, live and from the log', async () => {
    const engine = startEngine()
    const { url, headers } = await serveTenants(engine, ['acme'])
    const [acme, other] = [engine.register({ tenantId: 'acme' }), engine.register({ tenantId: 'other' })]
    const live = await openEventSource(url, headers[0])
    await live.until((_, text) => text !== '')
    const foreign = engine.service.submitEvent(other, 'order', {})
    engine.service.submitEvent(acme, 'order', {})
    await engine.quiet()
    await live.until((events) => events.length === 3)
    const resumed = await openEventSource(url, { ...headers[0], 'last-event-id': '0' })
    await resumed.until((events) => events.length === 3)
    for (const { text } of [live, resumed]) expect(text).not.toContain(foreign)
  })

  test('ends within a heartbeat for a key that is revoked, or whose tenant is made inactive', async () => {
    const engine = startEngine()
    const { url, headers, keys } = await serveTenants(engine, ['acme', 'beta', 'gamma'])
    const [acme, beta, gamma] = await Promise.all(headers.map((each) => openEventSource(url, each)))
    await Promise.all([acme, beta, gamma].map((source) => source!.until((_, text) => text !== '')))
    const changedAt = '2025-01-01T00:00:00.000Z'
    await keys.revoke(keys.list()[0]!.id, changedAt)
    await keys.setTenant({ id: 'beta', active: false, changedAt })
    await engine.clock.advance(15_000)
    await Promise.all([acme!.ended(), beta!.ended()])
    for (const source of [acme, beta])
      expect(source!.events).toEqual([{ type: 'end', id: null, data: { reason: 'key' } }])
    await gamma!.until((_, text) => text.includes(': \n\n'))
    expect(gamma!.events).toEqual([])
  })

  test('ends within a heartbeat of the first key for whoever was let in without one', async () => {
    const engine = startEngine()
    const keys = memoryKeys()
    const { url } = await startServer(engine.service, { clock: engine.clock, keys })
    const source = await openEventSource(`${url}${path}`)
    await source.until((_, text) => text !== '')
    await issueKey(keys, { name: 'first', role: 'admin' }, { clock: engine.clock, randomBytes })
    await engine.clock.advance(15_000)
    await source.ended()
    expect(source.events).toEqual([{ type: 'end', id: null, data: { reason: 'key' } }])
  })

  test('refuses a pattern, a state and a number that are none', async () => {
    const engine = startEngine()
    const { url } = await serve(engine)
    for (const query of ['eventType=..', 'status=lost', 'endpointId=x', 'unknown=1']) {
      expect((await fetch(`${url}?${query}`)).status, query).toBe(400)
    }
    expect((await fetch(url, { headers: { 'last-event-id': 'x' } })).status).toBe(400)
  })
})

describe('a client that comes back', () => {
  async function history(count: number, stream: StreamOptions = {}) {
    const engine = startEngine()
    const served = await serve(engine, stream)
    const endpoint = engine.register()
    for (let i = 0; i < count; i += 1) engine.service.submitEvent(endpoint, 'order', {})
    await engine.quiet()
    return { engine, endpoint, ...served }
  }

  test('is told what it has missed, and goes on live without a repetition', async () => {
    const { engine, endpoint, url } = await history(100)
    const source = await openEventSource(url, { 'last-event-id': '150' })
    await source.until((events) => events.length >= 150)
    engine.service.submitEvent(endpoint, 'order', {})
    await engine.quiet()
    await source.until((events) => events.at(-1)?.id === '303')
    expect(source.events.map(({ id }) => Number(id))).toEqual(Array.from({ length: 153 }, (_, index) => 151 + index))
  })

  test('is told of a gap where more was recorded than is read to it, and goes on live', async () => {
    const { engine, endpoint, url } = await history(10, { resumedSteps: 5 })
    const source = await openEventSource(url, { 'last-event-id': '20' })
    await source.until((events) => events.length === 6)
    expect(others(source.events)).toMatchObject([{ type: 'gap', data: { after: 25, before: null } }])
    engine.service.submitEvent(endpoint, 'order', {})
    await engine.quiet()
    await source.until((events) => events.at(-1)?.id === '33')
    expect(source.events.map(({ id }) => id)).toEqual(['21', '22', '23', '24', '25', null, '31', '32', '33'])
  })

  test('is told once that something in between is not kept any more', async () => {
    const engine = startEngine({ retention: { settledEvents: 2 } })
    const { url } = await serve(engine)
    const endpoint = engine.register()
    for (let i = 0; i < 5; i += 1) {
      engine.service.submitEvent(endpoint, 'order', {})
      await engine.quiet()
    }
    const source = await openEventSource(url, { 'last-event-id': '3' })
    await source.until((events) => events.length === 7)
    expect(others(source.events)).toMatchObject([{ type: 'gap', data: { after: 3, before: 10 } }])
  })

  test('is told of no gap where only records of endpoints lie between', async () => {
    const { engine, endpoint, url } = await history(1)
    engine.service.pauseEndpoint(endpoint)
    engine.service.resumeEndpoint(endpoint)
    engine.service.submitEvent(endpoint, 'order', {})
    await engine.quiet()
    const source = await openEventSource(url, { 'last-event-id': '3' })
    await source.until((events) => events.at(-1)?.id === '8')
    expect(others(source.events)).toEqual([])
  })

  test('is told of a gap when the log is another one, and hears what is recorded from now on', async () => {
    const { engine, endpoint, url } = await history(1)
    const source = await openEventSource(url, { 'last-event-id': '5000' })
    await source.until((events) => events.length === 1)
    expect(source.events).toMatchObject([{ type: 'gap', data: { after: 5000, before: null } }])
    engine.service.submitEvent(endpoint, 'order', {})
    await engine.quiet()
    await source.until((events) => events.at(-1)?.id === '6')
  })
})

describe('the bounds of streams', () => {
  test('sends a comment now and then, so that nobody takes the connection for dead', async () => {
    const engine = startEngine()
    const { url } = await serve(engine, { heartbeatMs: 5000 })
    const source = await openEventSource(url)
    await source.until((_, text) => text !== '')
    await engine.clock.advance(5000)
    await source.until((_, text) => text.endsWith(': \n\n'))
    await engine.clock.advance(5000)
    await source.until((_, text) => text.endsWith(': \n\n: \n\n'))
    expect(source.events).toEqual([])
  })

  test('ends a stream that is open for long, so that its key is looked at anew', async () => {
    const engine = startEngine()
    const { url } = await serve(engine, { ageMs: 30_000 })
    const source = await openEventSource(url)
    await source.until((_, text) => text !== '')
    await engine.clock.advance(30_000)
    await source.ended()
    expect(source.events).toMatchObject([{ type: 'end', data: { reason: 'age' } }])
  })

  test('refuses more clients than may listen, and lets one in when another has left', async () => {
    const engine = startEngine()
    const bounds = { clients: 3, clientsPerTenant: 1 }
    const { url, headers } = await serveTenants(engine, ['a', 'b', 'c', 'd'], bounds)
    const open = (tenant: number) => openEventSource(url, headers[tenant])
    const first = await open(0)
    const second = await open(0)
    expect(second.status).toBe(503)
    expect(second.headers['retry-after']).toBe('10')
    expect([(await open(1)).status, (await open(2)).status]).toEqual([200, 200])
    expect((await open(3)).status).toBe(503)
    first.leave()
    await expect.poll(async () => (await open(3)).status, { timeout: 5000 }).toBe(200)
  })

  test('tells a client that reads all there is, however much comes at once', async () => {
    const engine = startEngine()
    const { url } = await serve(engine, { bufferedBytes: 65_536 })
    const source = await openEventSource(url)
    await source.until((_, text) => text !== '')
    const endpoint = engine.register()
    for (let i = 0; i < 2000; i += 1) engine.service.submitEvent(endpoint, 'order', {})
    await engine.quiet()
    await source.until((events) => events.at(-1)?.id === '6000')
    expect(source.events.map(({ id }) => Number(id))).toEqual(Array.from({ length: 6000 }, (_, index) => index + 1))
  })

  test('keeps little for a client that does not read, drops it, and says why', async () => {
    const engine = startEngine()
    const { server, url } = await serve(engine, { bufferedBytes: 65_536, heartbeatMs: 5000 })
    const [slow, quick] = await Promise.all([openEventSource(url), openEventSource(`${url}?status=delivered`)])
    await Promise.all([slow, quick].map((source) => source.until((_, text) => text !== '')))
    slow.pause()
    const endpoint = engine.register()
    // More than the buffers of both sockets hold.
    const count = 12_000
    for (let i = 0; i < count; i += 500) {
      for (let j = 0; j < 500; j += 1) engine.service.submitEvent(endpoint, 'order', {})
      await engine.quiet()
      await quick.until((events) => events.length >= i + 500)
    }
    await engine.clock.advance(10_000)
    slow.resume()
    await slow.ended()
    expect(slow.events.at(-1)).toMatchObject({ type: 'end', data: { reason: 'slow' } })
    expect(slow.events.length).toBeLessThan(count * 3)
    expect(quick.events.length).toBe(count)
    const { text } = await server.inject({ method: 'GET', path: '/metrics' })
    expect(text).toContain('webhook_streams_dropped_total 1\n')
  })

  test('ends every stream when the server closes', async () => {
    const engine = startEngine()
    const { server, url } = await serve(engine)
    const source = await openEventSource(url)
    await source.until((_, text) => text !== '')
    await server.close()
    await source.ended()
    expect(source.events).toMatchObject([{ type: 'end', data: { reason: 'closing' } }])
  })

  test('asks nothing of the log while nobody listens', async () => {
    const engine = startEngine()
    const { url } = await serve(engine)
    const source = await openEventSource(url)
    await source.until((_, text) => text !== '')
    expect(engine.clock.timers).toBe(1)
    source.leave()
    await expect.poll(() => engine.clock.timers, { timeout: 5000 }).toBe(0)
  })
})
