import { describe, expect, it } from 'vitest'
import { replay, type ExplanationReason, type ServiceEvents, type Transition } from '../../src/index.ts'
import { next, settled } from './await-events.ts'
import { createGate } from './gate.ts'
import { secret, slowRetry, startReceiver, startService } from './start.ts'

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

describe('getEvent', () => {
  it('tells payload, place in line and every attempt', async () => {
    const receiver = await startReceiver()
    receiver.respond({ status: 500, body: 'oops' })
    const service = startService({ retry: slowRetry })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const head = service.submitEvent(endpoint, 'payment.captured', { amount: 1 }, { idempotencyKey: 'k' })
    const waiting = service.submitEvent(endpoint, 'payment.captured', { amount: 2 })
    const { retryAt } = await next(service, 'attemptFailed')

    expect(service.getEvent(head)).toEqual({
      eventId: head,
      endpointId: endpoint,
      eventType: 'payment.captured',
      payload: { amount: 1 },
      submittedAt: expect.stringMatching(instant),
      sequence: 1,
      orderingKey: null,
      idempotencyKey: 'k',
      ahead: 0,
      status: 'backoff',
      attempts: [
        {
          attempt: 1,
          startedAt: expect.stringMatching(instant),
          endedAt: expect.stringMatching(instant),
          outcome: 'failed',
          status: 500,
          failure: { reason: 'status', message: 'HTTP 500', status: 500, reach: 'answered' },
          durationMs: expect.any(Number),
          snippet: 'oops',
          retryAt,
        },
      ],
      lastError: 'HTTP 500',
      settledAt: null,
      expiresAt: null,
      deliveredAt: null,
      retryAt,
    })
    expect(service.getEvent(waiting)).toMatchObject({ ahead: 1, sequence: 2, status: 'pending', attempts: [] })
  })
})

describe('explain', () => {
  it('says of a settled event how it settled', async () => {
    const receiver = await startReceiver()
    receiver.respond(200, 404, 500)
    const service = startService({ retry: { maxAttempts: 1 } })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const events = [1, 2, 3].map((n) => service.submitEvent(endpoint, 'tick', { n }))
    await settled(service, ...events)
    expect(events.map((id) => service.explain(id).reason)).toEqual(['delivered', 'failed', 'deadLettered'])
    expect(service.explain(events[2]!)).toEqual({
      eventId: events[2],
      endpointId: endpoint,
      status: 'deadLettered',
      attempts: 1,
      lastError: 'HTTP 500',
      reason: 'deadLettered',
      behind: null,
      ahead: null,
      until: null,
      text: expect.stringContaining('HTTP 500'),
    })
  })

  it('names what an event in line waits for, behind whom and until when', async () => {
    const receiver = await startReceiver()
    receiver.respond(500)
    const service = startService({ retry: slowRetry })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const [head, second, third] = [1, 2, 3].map((n) => service.submitEvent(endpoint, 'tick', { n })) as [
      string,
      string,
      string,
    ]
    const { retryAt } = await next(service, 'attemptFailed')
    expect(service.explain(head)).toMatchObject({ reason: 'backoff', until: retryAt, behind: null, ahead: 0 })
    expect(service.explain(second)).toMatchObject({ reason: 'behind', ahead: 1, until: retryAt })
    expect(service.explain(third)).toMatchObject({ behind: { eventId: head, status: 'backoff' }, ahead: 2 })

    service.pauseEndpoint(endpoint)
    expect(service.explain(head)).toMatchObject({ reason: 'endpointPaused', until: null })
    await service.shutdown()
    expect(service.explain(head).reason).toBe('serviceClosed')
  })

  it('tells what holds an endpoint back: a request, the concurrency, its breaker, its rate limit', async () => {
    const gate = createGate()
    const receiver = await startReceiver()
    receiver.respondTo('/slow', () => gate.passed.then(() => 200))
    receiver.respondTo('/broken', 500)
    const service = startService({ concurrency: 1, retry: { ...slowRetry, initialDelayMs: 0 } })
    const register = (path: string, options?: Parameters<typeof service.registerEndpoint>[2]) =>
      service.registerEndpoint(receiver.url + path, secret, options)
    const reasonOf = (id: string): ExplanationReason => service.explain(id).reason

    const broken = service.submitEvent(
      register('/broken', { breaker: { failures: 1, cooldownMs: 60_000 } }),
      'tick',
      {},
    )
    const opened = await next(service, 'breakerChanged')
    expect(opened.state).toBe('open')
    expect(service.explain(broken)).toMatchObject({ reason: 'breakerOpen', until: opened.reopensAt })

    const limited = register('/limited', { rateLimit: { perSecond: 0.01, burst: 1 } })
    await settled(service, service.submitEvent(limited, 'tick', {}))
    const over = service.submitEvent(limited, 'tick', {})
    expect(service.explain(over)).toMatchObject({ reason: 'rateLimited', until: expect.stringMatching(instant) })

    const slow = service.submitEvent(register('/slow'), 'tick', {})
    const queued = service.submitEvent(register('/queued'), 'tick', {})
    await receiver.waitUntil(({ paths }) => paths.includes('/slow'))
    expect([reasonOf(slow), reasonOf(queued)]).toEqual(['inFlight', 'waitingForTurn'])
    gate.open()
    await settled(service, slow, queued)
  })
})

describe('stats', () => {
  it('count what the log holds', async () => {
    const gate = createGate()
    const receiver = await startReceiver()
    receiver.respond(200, 404, 500, () => gate.passed.then(() => 200))
    const service = startService({ retry: { maxAttempts: 1 } })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    for (let n = 0; n < 5; n += 1) service.submitEvent(endpoint, 'tick', { n })
    await receiver.waitFor(4)
    expect(service.stats()).toEqual({
      events: { pending: 1, delivering: 1, backoff: 0, delivered: 1, failed: 1, deadLettered: 1 },
      oldestPendingAt: expect.stringMatching(instant),
      pendingBytes: 2 * '{"n":0}'.length,
      submitted: 5,
      attempts: 4,
      endpoints: 1,
      inFlight: 1,
      slowInFlight: 0,
      waitingEndpoints: 0,
      liveLanes: 1,
      durable: false,
      log: { condition: 'writable', fileBytes: null, walBytes: null },
    })
    gate.open()
    await service.drain()
    expect(service.stats()).toMatchObject({ pendingBytes: 0, inFlight: 0, attempts: 5, events: { delivered: 3 } })
  })
})

describe('service events', () => {
  it('tell of each attempt that failed and each event that settled', async () => {
    const receiver = await startReceiver()
    receiver.respond(500, 200, 500, 500)
    const service = startService({ retry: { maxAttempts: 2, initialDelayMs: 0 } })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const heard = { attemptFailed: [] as string[], settled: [] as string[], deadLettered: [] as string[] }
    for (const type of ['attemptFailed', 'settled', 'deadLettered'] as const) {
      service.on(type, ({ eventId }) => heard[type].push(eventId))
    }
    const settlements: ServiceEvents['settled'][] = []
    const stop = service.on('settled', (notice) => settlements.push(notice))
    const good = service.submitEvent(endpoint, 'a.good', {})
    const bad = service.submitEvent(endpoint, 'a.bad', {})
    await settled(service, good, bad)

    expect(heard).toEqual({ attemptFailed: [good, bad, bad], settled: [good, bad], deadLettered: [bad] })
    const { deliveredAt } = service.getEventStatus(good)
    const naming = { endpointId: endpoint, attempts: 2, lastError: 'HTTP 500' }
    const [goodAt, badAt] = [good, bad].map((eventId) => [...service.log.entries({ eventId })][0]?.at)
    expect(settlements).toEqual([
      { ...naming, eventId: good, eventType: 'a.good', status: 'delivered', submittedAt: goodAt, deliveredAt },
      { ...naming, eventId: bad, eventType: 'a.bad', status: 'deadLettered', submittedAt: badAt, deliveredAt: null },
    ])
    stop()
    await settled(service, service.submitEvent(endpoint, 'a.good', {}))
    expect(settlements).toHaveLength(2)
  })

  it('tell a listener that listens anew as it hears of each event once', async () => {
    const receiver = await startReceiver()
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const heard: string[] = []
    const hearOnce = (): void => {
      const end = service.on('settled', ({ eventId }) => {
        // Should it be told for ever, it ends all the same.
        if (heard.push(eventId) > 9) return
        end()
        hearOnce()
      })
    }
    hearOnce()
    const events = [service.submitEvent(endpoint, 'tick', 1), service.submitEvent(endpoint, 'tick', 2)]
    await settled(service, ...events)
    expect(heard).toEqual(events)
  })

  it('survive a listener, a subscriber and an inspector that throw', async () => {
    const receiver = await startReceiver()
    const fault = new Error('the listener is broken')
    const fail = (): never => {
      throw fault
    }
    const service = startService({ inspect: fail })
    const failures: ServiceEvents['listenerFailed'][] = []
    service.on('listenerFailed', (failure) => failures.push(failure))
    service.on('settled', fail)
    service.log.subscribe(fail)
    const endpoint = service.registerEndpoint(receiver.url, secret)
    await settled(service, service.submitEvent(endpoint, 'tick', {}))
    await service.drain()
    expect(service.stats().events.delivered).toBe(1)
    expect(new Set(failures.map(({ where }) => where))).toEqual(new Set(['inspect', 'log', 'listener']))
    expect(failures.every(({ error }) => error === fault)).toBe(true)
  })
})

describe('the log', () => {
  it('tells subscribers of every transition, in order, and replays to the present state', async () => {
    const receiver = await startReceiver()
    receiver.respond(500)
    const service = startService()
    const told: Transition[] = []
    const stop = service.log.subscribe((transition) => told.push(transition))
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const event = service.submitEvent(endpoint, 'tick', {})
    await settled(service, event)
    expect(told.map(({ event: { type }, from, to }) => [type, from, to])).toEqual([
      ['event.submitted', null, 'pending'],
      ['attempt.started', 'pending', 'delivering'],
      ['attempt.failed', 'delivering', 'backoff'],
      ['attempt.started', 'backoff', 'delivering'],
      ['attempt.succeeded', 'delivering', 'delivered'],
    ])
    expect(told).toEqual(Array.from(service.log.entries({ eventId: event })))
    expect(replay(service.log.entries()).events.get(event)).toMatchObject(service.getEventStatus(event))
    stop()
    await settled(service, service.submitEvent(endpoint, 'tick', {}))
    expect(told).toHaveLength(5)
  })
})
