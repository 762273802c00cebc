import { inspect } from 'node:util'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  EndpointNotFoundError,
  IdempotencyConflictError,
  InvalidOptionError,
  ServiceClosedError,
  replay,
} from '../../src/index.ts'
import type { RawJson } from '../../src/index.ts'
import { createVirtualClock } from '../../src/testing/index.ts'
import { next, records, settled } from './await-events.ts'
import { createGate } from './gate.ts'
import { quickRetry, secret, slowRetry, startReceiver, startService } from './start.ts'

describe('publishEvent', () => {
  it('makes one event for every endpoint subscribed to the type, in the order of registration', async () => {
    const receiver = await startReceiver()
    const service = startService()
    const register = (path: string, eventTypes?: string[]) =>
      service.registerEndpoint(receiver.url + path, secret, { eventTypes })
    const all = register('/all')
    const exact = register('/exact', ['payment.captured'])
    register('/other', ['payment.refunded', 'invoice.*'])
    const prefix = register('/prefix', ['payment.*', 'payment.captured'])

    const events = service.publishEvent('payment.captured', { amount: 1 })
    expect(events.map((id) => service.getEvent(id).endpointId)).toEqual([all, exact, prefix])
    await settled(service, ...events)
    expect(new Set(receiver.paths)).toEqual(new Set(['/all', '/exact', '/prefix']))
    expect(service.publishEvent('payment.captured.late', {})).toHaveLength(2)
    expect(service.publishEvent('payment', {})).toHaveLength(1)
  })

  it('follows a change of subscription, and leaves submitEvent alone', async () => {
    const receiver = await startReceiver()
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret, { eventTypes: ['a.*'] })
    expect(service.publishEvent('b.x', {})).toEqual([])
    service.updateEndpoint(endpoint, { eventTypes: ['b.*'] })
    expect(service.publishEvent('a.x', {})).toEqual([])
    expect(service.publishEvent('b.x', {})).toHaveLength(1)
    await settled(service, service.submitEvent(endpoint, 'a.x', {}))
  })
})

describe('redeliver', () => {
  it('sends a settled event again: same id, the next attempt number, a fresh budget', async () => {
    const receiver = await startReceiver()
    receiver.respond(500, 500, 500, 500, 200)
    const service = startService({ retry: { maxAttempts: 2, initialDelayMs: 0 } })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const event = service.submitEvent(endpoint, 'tick', { n: 1 })
    await settled(service, event)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'deadLettered', attempts: 2 })

    service.redeliver(event)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'pending', attempts: 2 })
    expect(service.getDeadLetterEvents(endpoint)).toEqual([])
    await settled(service, event)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'deadLettered', attempts: 4 })

    service.redeliver(event)
    await settled(service, event)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 5 })
    expect(receiver.requests.map(({ attempt, eventId, sequence }) => [attempt, eventId, sequence])).toEqual(
      [1, 2, 3, 4, 5].map((attempt) => [attempt, event, 1]),
    )
  })

  it('takes failed and delivered events too', async () => {
    const receiver = await startReceiver()
    receiver.respond(404)
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const event = service.submitEvent(endpoint, 'tick', {})
    await settled(service, event)
    for (const attempts of [2, 3]) {
      service.redeliver(event)
      expect(service.getEventStatus(event)).toMatchObject({ status: 'pending', deliveredAt: null })
      await settled(service, event)
      expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts })
    }
  })

  it('tries an event in backoff at once, and leaves alone one that waits or is in flight', async () => {
    const receiver = await startReceiver()
    const gate = createGate()
    receiver.respond(500, () => gate.passed.then(() => 200))
    const service = startService({ retry: slowRetry })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const event = service.submitEvent(endpoint, 'tick', {})
    const waiting = service.submitEvent(endpoint, 'tick', {})
    await next(service, 'attemptFailed')
    service.redeliver(event)
    await receiver.waitFor(2)
    const before = Array.from(service.log.entries())
    service.redeliver(event)
    service.redeliver(waiting)
    expect(Array.from(service.log.entries())).toEqual(before)
    gate.open()
    await settled(service, event, waiting)
    expect(receiver.received).toBe(3)
  })

  it('puts all dead letters of an endpoint back, oldest first', async () => {
    const receiver = await startReceiver()
    receiver.respond(500, 500, 404, 500)
    const service = startService({ retry: { maxAttempts: 1 } })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const events = [1, 2, 3, 4].map((n) => service.submitEvent(endpoint, 'tick', { n }))
    await settled(service, ...events)
    const deadLetters = [events[0]!, events[1]!, events[3]!]
    expect(service.getDeadLetterEvents(endpoint).map(({ eventId }) => eventId)).toEqual(deadLetters)

    expect(service.redeliverDeadLetters(endpoint)).toBe(3)
    await settled(service, ...deadLetters)
    expect(receiver.requests.slice(4).map(({ eventId }) => eventId)).toEqual(deadLetters)
    expect(service.redeliverDeadLetters(endpoint)).toBe(0)
  })
})

describe('an endpoint', () => {
  it('is shown with its settings, and never with its secret or the values of its headers', () => {
    const service = startService()
    const endpoint = service.registerEndpoint(new URL('http://merchant.example/hooks'), 'topsecret-1', {
      headers: { Authorization: 'Bearer topsecret-2' },
      description: 'the shop',
      tenantId: 'tenant-1',
      eventTypes: ['payment.*'],
      timeoutMs: 5000,
    })
    service.rotateSecret(endpoint, 'topsecret-3')
    const details = service.getEndpoint(endpoint)
    expect(details).toMatchObject({
      id: endpoint,
      url: 'http://merchant.example/hooks',
      state: 'active',
      eventTypes: ['payment.*'],
      headers: ['Authorization'],
      ordering: 'fifo',
      whenExhausted: 'park',
      body: 'payload',
      timeoutMs: 5000,
      retry: null,
      rateLimit: null,
      breaker: null,
      description: 'the shop',
      tenantId: 'tenant-1',
    })
    expect(service.listEndpoints()).toEqual([details])
    const shown = inspect(service, { depth: 30, showHidden: true }) + JSON.stringify([details, service])
    expect(shown).not.toContain('topsecret')
  })

  it('can be changed; attempts that start later use the new URL and settings', async () => {
    const before = await startReceiver({ default: 500 })
    const after = await startReceiver()
    const service = startService({ retry: slowRetry })
    const endpoint = service.registerEndpoint(before.url, secret, { description: 'old' })
    const event = service.submitEvent(endpoint, 'tick', {})
    await next(service, 'attemptFailed')
    const changed = service.updateEndpoint(endpoint, { url: `${after.url}/new`, headers: { 'X-New': '1' } })
    expect(changed).toMatchObject({ url: `${after.url}/new`, description: 'old', headers: ['X-New'] })
    expect(service.getEndpoint(endpoint)).toEqual(changed)
    service.redeliver(event)
    await settled(service, event)
    expect(after.requests).toMatchObject([{ path: '/new', attempt: 2, headers: { 'x-new': '1' } }])
    expect(before.received).toBe(1)
  })

  it('cannot change how its events are ordered', () => {
    const service = startService()
    const endpoint = service.registerEndpoint('http://merchant.example', secret)
    // @ts-expect-error: the type leaves `ordering` out of a patch
    expect(() => service.updateEndpoint(endpoint, { ordering: 'none' })).toThrow(InvalidOptionError)
  })

  it('that is removed settles what waits as failed, cuts off its request, and is forgotten', async () => {
    const receiver = await startReceiver()
    receiver.respond('hang')
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const events = [1, 2].map((n) => service.submitEvent(endpoint, 'tick', { n }))
    await receiver.waitFor(1)
    service.removeEndpoint(endpoint)
    for (const event of events) {
      expect(service.getEventStatus(event)).toMatchObject({
        status: 'failed',
        lastError: 'endpoint_removed: the endpoint was removed',
      })
      const [abandoned] = records(service, event, 'event.abandoned')
      expect(abandoned!.event.failure.reason).toBe('endpoint_removed')
    }
    await receiver.waitUntil((it) => it.counts().gone + it.counts().hung === 1)
    expect(service.listEndpoints()).toEqual([])
    expect(() => service.getEndpoint(endpoint)).toThrow(EndpointNotFoundError)
    expect(() => service.submitEvent(endpoint, 'tick', {})).toThrow(EndpointNotFoundError)
    expect(() => service.redeliver(events[0]!)).toThrow(EndpointNotFoundError)
    expect(service.stats()).toMatchObject({ endpoints: 0, inFlight: 0, pendingBytes: 0 })
  })

  it('that is paused takes events and sends none until it is resumed', async () => {
    const receiver = await startReceiver()
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const other = service.registerEndpoint(`${receiver.url}/other`, secret)
    service.pauseEndpoint(endpoint)
    const events = [1, 2].map((n) => service.submitEvent(endpoint, 'tick', { n }))
    await settled(service, service.submitEvent(other, 'tick', {}))
    expect(service.getEndpoint(endpoint).state).toBe('paused')
    expect(events.map((id) => service.getEventStatus(id).attempts)).toEqual([0, 0])
    expect(events.map((id) => service.explain(id))).toMatchObject([
      { reason: 'endpointPaused', ahead: 0, behind: null },
      { reason: 'endpointPaused', ahead: 1, behind: { eventId: events[0], status: 'pending' } },
    ])
    service.resumeEndpoint(endpoint)
    await settled(service, ...events)
    expect(receiver.requests.slice(1).map(({ eventId }) => eventId)).toEqual(events)
  })
})

describe('drain and flush', () => {
  it('drain resolves when nothing is open any more, retries included', async () => {
    const receiver = await startReceiver()
    receiver.respond(500, 500)
    const service = startService()
    await service.drain()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const event = service.submitEvent(endpoint, 'tick', {})
    await service.drain()
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 3 })
    await expect(service.flush()).resolves.toBeUndefined()
  })

  it('drain is rejected when the service is shut down first', async () => {
    const receiver = await startReceiver()
    receiver.respond(500)
    const service = startService({ retry: slowRetry })
    service.submitEvent(service.registerEndpoint(receiver.url, secret), 'tick', {})
    await next(service, 'attemptFailed')
    const drained = service.drain()
    await service.shutdown()
    await expect(drained).rejects.toThrow(ServiceClosedError)
  })
})

describe('an idempotency key', () => {
  it('makes the second submission answer with the first one', async () => {
    const receiver = await startReceiver()
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const other = service.registerEndpoint(`${receiver.url}/other`, secret)
    const submit = (to = endpoint) => service.submitEvent(to, 'tick', { n: 1 }, { idempotencyKey: 'key-1' })
    const event = submit()
    expect(submit()).toBe(event)
    await settled(service, event)
    expect(submit()).toBe(event)
    const elsewhere = submit(other)
    expect(elsewhere).not.toBe(event)
    await settled(service, elsewhere)
    expect(receiver.received).toBe(2)
    for (const [type, payload] of [
      ['tick', { n: 2 }],
      ['tock', { n: 1 }],
    ] as const) {
      expect(() => service.submitEvent(endpoint, type, payload, { idempotencyKey: 'key-1' })).toThrow(
        IdempotencyConflictError,
      )
    }
    expect(service.stats().submitted).toBe(2)
  })
})

describe('typed payloads', () => {
  interface Payment {
    amount: number
  }
  interface Payloads {
    'payment.succeeded': Payment
    'payment.failed': { code: string }
  }

  it('are checked for each event type', () => {
    const service = startService<Payloads>()
    const endpoint = service.registerEndpoint('http://merchant.example', secret)
    service.pauseEndpoint(endpoint)
    service.submitEvent(endpoint, 'payment.succeeded', { amount: 1 })
    service.publishEvent('payment.failed', { code: 'declined' })
    // @ts-expect-error: not the payload of this type
    service.submitEvent(endpoint, 'payment.succeeded', { code: 'declined' })
    // @ts-expect-error: no such type
    service.publishEvent('payment.refunded', {})
    expectTypeOf<typeof service.submitEvent<'payment.succeeded'>>().parameter(2).toEqualTypeOf<Payment | RawJson>()
    expectTypeOf<typeof service.publishEvent>().parameter(0).toEqualTypeOf<keyof Payloads>()
    expect(service.stats().submitted).toBe(4)
  })

  it('are anything when no map is given', () => {
    const service = startService()
    expectTypeOf<typeof service.submitEvent>().parameter(1).toEqualTypeOf<string>()
    expectTypeOf<typeof service.submitEvent>().parameter(2).toEqualTypeOf<unknown>()
    expect(service.publishEvent('anything.at.all', null)).toEqual([])
  })
})

describe('shutdown', () => {
  it('delivers the whole backlog first with drain, retries included', async () => {
    const receiver = await startReceiver()
    receiver.respond(500)
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const events = [1, 2, 3].map((n) => service.submitEvent(endpoint, 'tick', { n }))
    const shutdown = service.shutdown({ drain: true, timeoutMs: 60_000 })
    expect(() => service.submitEvent(endpoint, 'tick', {})).toThrow(ServiceClosedError)
    expect(await shutdown).toEqual({ undelivered: [], undeliveredTotal: 0, interrupted: 0 })
    expect(events.map((id) => service.getEventStatus(id).status)).toEqual(['delivered', 'delivered', 'delivered'])
    expect(receiver.received).toBe(4)
  })

  it('resolves at once when there is nothing to drain, and leaves lines that are held', async () => {
    const idle = startService()
    expect(await idle.shutdown({ drain: true })).toEqual({ undelivered: [], undeliveredTotal: 0, interrupted: 0 })

    const service = startService()
    const endpoint = service.registerEndpoint('http://merchant.example', secret)
    service.pauseEndpoint(endpoint)
    const held = service.submitEvent(endpoint, 'tick', {})
    expect(await service.shutdown({ drain: true })).toEqual({
      undelivered: [{ eventId: held, endpointId: endpoint, status: 'pending' }],
      undeliveredTotal: 1,
      interrupted: 0,
    })
  })

  it('cuts off what is in flight after timeoutMs, without using up an attempt', async () => {
    const receiver = await startReceiver({ default: 'hang' })
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const event = service.submitEvent(endpoint, 'tick', {})
    await receiver.waitFor(1)
    expect(await service.shutdown({ timeoutMs: 50 })).toEqual({
      undelivered: [{ eventId: event, endpointId: endpoint, status: 'pending' }],
      undeliveredTotal: 1,
      interrupted: 1,
    })
    expect(records(service, event, 'attempt.interrupted')).toHaveLength(1)
    expect(replay(service.log.entries()).events.get(event)).toMatchObject({ attempts: 1, left: quickRetry.maxAttempts })
    await receiver.waitUntil((it) => it.counts().hung + it.counts().gone === 1)
  })

  it('can still be asked about its events', async () => {
    const receiver = await startReceiver()
    const clock = createVirtualClock()
    const service = startService({ clock })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const event = service.submitEvent(endpoint, 'tick', {})
    await settled(service, event)
    await service.shutdown()
    expect(service.getEventStatus(event).status).toBe('delivered')
    expect(service.getEvent(event).payload).toEqual({})
    expect(service.getDeadLetterEvents(endpoint)).toEqual([])
    expect(service.getEndpoint(endpoint).id).toBe(endpoint)
    expect(clock.timers).toBe(0)
    const changes = [
      () => service.registerEndpoint(receiver.url, secret),
      () => service.publishEvent('tick', {}),
      () => service.redeliver(event),
      () => service.redeliverDeadLetters(endpoint),
      () => service.updateEndpoint(endpoint, {}),
      () => service.removeEndpoint(endpoint),
      () => service.pauseEndpoint(endpoint),
      () => service.resumeEndpoint(endpoint),
      () => service.rotateSecret(endpoint, 'another'),
    ]
    for (const change of changes) expect(change).toThrow(ServiceClosedError)
  })
})
