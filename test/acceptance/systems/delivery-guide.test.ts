// The rows B1 and following of docs/coming-from-another-system.md.
import { describe, expect, it, onTestFinished } from 'vitest'
import { InvalidSecretError, InvalidUrlError, StorageError } from '../../../src/index.ts'
import { createServer } from '../../../src/server/index.ts'
import { sqliteLog } from '../../../src/sqlite/index.ts'
import { parsePrometheusText, valueOf } from '../../server/metrics/prometheus-text.ts'
import { listen } from '../../support/endpoint-steps.ts'
import { freshPath } from '../../support/sqlite-files.ts'
import { startEngine } from '../../support/start-engine.ts'
import { records, settled } from '../await-events.ts'
import { createGate } from '../gate.ts'
import { secret, startReceiver, startService } from '../start.ts'

const fixed = { jitter: 0 }

describe('of a delivery guide', () => {
  it('B1 an event shows its id, payload and time, and its endpoint the URL, but no secret', () => {
    const { service } = startEngine()
    const endpointId = service.registerEndpoint('https://shop.example/hooks', secret)
    const eventId = service.submitEvent(endpointId, 'order.created', { id: 7 })
    expect(service.getEvent(eventId)).toMatchObject({
      eventId,
      endpointId,
      payload: { id: 7 },
      submittedAt: '2025-01-01T00:00:00.000Z',
    })
    expect(service.getEndpoint(endpointId).url).toBe('https://shop.example/hooks')
    expect(JSON.stringify(service.getEndpoint(endpointId))).not.toContain(secret)
  })

  it('B2 there are five attempts of 30 seconds each, and an endpoint may have its own', async () => {
    const { service, transport, clock, register } = startEngine({ retry: fixed })
    transport.respond(() => 'held')
    const events = [
      service.submitEvent(register(), 'order.created', {}),
      service.submitEvent(register({ retry: { maxAttempts: 2 }, timeoutMs: 5000 }), 'order.created', {}),
    ]
    await clock.advance(600_000)
    const durations = events.map((id) => service.getEvent(id).attempts.map(({ durationMs }) => durationMs))
    expect(durations).toEqual([
      [30_000, 30_000, 30_000, 30_000, 30_000],
      [5000, 5000],
    ])
  })

  it('B3 each attempt shows its number, time, status, body, error and success', async () => {
    const receiver = await startReceiver()
    receiver.respond({ status: 503, body: 'come back' }, { status: 200, body: 'thanks' })
    const service = startService()
    const event = service.submitEvent(service.registerEndpoint(receiver.url, secret), 'order.created', {})
    await settled(service, event)
    const startedAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(service.getEvent(event).attempts).toMatchObject([
      {
        attempt: 1,
        startedAt,
        status: 503,
        snippet: 'come back',
        failure: { message: 'HTTP 503' },
        outcome: 'failed',
      },
      { attempt: 2, startedAt, status: 200, snippet: 'thanks', failure: null, outcome: 'succeeded' },
    ])
  })

  it('B4 an event is pending, delivered, failed, or its attempts ran out', async () => {
    const { service, transport, clock, register } = startEngine({ retry: { maxAttempts: 1 } })
    const answers = { delivered: 200, failed: 404, deadLettered: 500 } as const
    const events = Object.values(answers).map((status) => {
      const event = service.submitEvent(register(), 'order.created', { status })
      expect(service.getEventStatus(event).status).toBe('pending')
      return event
    })
    transport.respond(({ eventId }) => Object.values(answers)[events.indexOf(eventId)]!)
    await clock.advance(0)
    expect(events.map((event) => service.getEventStatus(event).status)).toEqual(Object.keys(answers))
  })

  it('B5 no more than ten requests are on their way at once', async () => {
    const { service, transport, quiet, register } = startEngine({ concurrency: 10 })
    transport.respond(() => 'held')
    for (let n = 0; n < 25; n += 1) service.submitEvent(register(), 'order.created', { n })
    await quiet()
    expect(transport.open).toHaveLength(10)
    while (transport.open.length > 0) {
      expect(transport.open.length).toBeLessThanOrEqual(10)
      transport.open[0]!.answer(200)
      await quiet()
    }
    expect(service.stats().events.delivered).toBe(25)
  })

  it('B6 the delays are 1, 2, 4, 8, 16 seconds and so on, and never more than 300', async () => {
    const { service, transport, clock, register } = startEngine({ retry: { ...fixed, maxAttempts: 12 } })
    transport.respond(() => 500)
    const event = service.submitEvent(register(), 'order.created', {})
    await clock.advance(3_600_000)
    const starts = records(service, event, 'attempt.started').map(({ at }) => Date.parse(at))
    const delays = starts.slice(1).map((at, index) => (at - starts[index]!) / 1000)
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
  })

  it('B7 an invalid URL is refused, and registers nothing', () => {
    const { service } = startEngine()
    for (const url of ['', 'shop', '/hooks', 'ftp://shop.example', 'https://', 'https://me:pw@shop.example']) {
      expect(() => service.registerEndpoint(url, secret), url).toThrow(InvalidUrlError)
    }
    expect(service.listEndpoints()).toEqual([])
  })

  it('B8 an empty secret is refused, and registers nothing', () => {
    const { service } = startEngine()
    expect(() => service.registerEndpoint('https://shop.example', '')).toThrow(InvalidSecretError)
    expect(service.listEndpoints()).toEqual([])
  })

  it('B9 a second worker cannot open the file of the first', async () => {
    const path = freshPath()
    const service = startService({ log: sqliteLog(path) })
    expect(() => sqliteLog(path)).toThrow(StorageError)
    await service.shutdown()
    const next = sqliteLog(path)
    await next.close?.()
  })

  it('B10 an event that never succeeds lets the next one go on, and an endpoint that only fails is disabled', async () => {
    const { service, transport, clock, register } = startEngine({ retry: { ...fixed, maxAttempts: 3 } })
    const endpoint = register({ autoDisable: { afterMs: 60_000, warningMs: 0 } })
    const [poison, next] = [1, 2].map((n) => service.submitEvent(endpoint, 'order.created', { n }))
    transport.respond(({ eventId }) => (eventId === poison ? 500 : 200))
    await clock.advance(10_000)
    const statuses = [poison!, next!].map((event) => service.getEventStatus(event).status)
    expect(statuses).toEqual(['deadLettered', 'delivered'])

    transport.respond(() => 500)
    for (let n = 0; n < 40; n += 1) service.submitEvent(endpoint, 'order.created', { n })
    await clock.advance(120_000)
    expect(service.getEndpoint(endpoint).state).toBe('disabled')
    expect(service.stats().events.pending + service.stats().events.backoff).toBeGreaterThan(0)
  })

  it('B11 far more events may wait than memory holds, and they arrive in order from the file', async () => {
    const receiver = await startReceiver({ record: false })
    const service = startService({
      log: sqliteLog(freshPath()),
      limits: { eventsInMemory: 50, pendingEvents: 100_000_000 },
    })
    const endpoints = [1, 2, 3, 4].map((n) => service.registerEndpoint(`${receiver.url}/${n}`, secret))
    for (const endpoint of endpoints) service.pauseEndpoint(endpoint)
    const batch = Array.from({ length: 300 }, (_, n) => ({
      endpointId: endpoints[n % 4]!,
      eventType: 'order.created',
      payload: n,
    }))
    service.submitEvents(batch)
    await service.flush()
    expect(service.stats().events.pending).toBe(300)
    for (const endpoint of endpoints) service.resumeEndpoint(endpoint)
    await service.drain()
    expect(receiver.counts()).toMatchObject({ accepted: 300, duplicates: 0, orderViolations: 0 })
  })

  it('B12 what waits survives a restart, and keeps its id, its endpoint and its attempts', async () => {
    const path = freshPath()
    const receiver = await startReceiver()
    receiver.respond(500)
    const before = startService({ log: sqliteLog(path), retry: { initialDelayMs: 1, maxDelayMs: 1, jitter: 0 } })
    const endpoint = before.registerEndpoint(receiver.url, secret)
    const event = before.submitEvent(endpoint, 'order.created', { id: 7 })
    const failed = new Promise((resolve) => before.on('attemptFailed', resolve))
    await failed
    before.pauseEndpoint(endpoint)
    await before.shutdown()

    const after = startService({ log: sqliteLog(path) })
    expect(after.getEventStatus(event)).toMatchObject({ status: 'backoff', attempts: 1, lastError: 'HTTP 500' })
    after.resumeEndpoint(endpoint)
    await settled(after, event)
    expect(receiver.requests.map(({ eventId, attempt, signatureValid }) => [eventId, attempt, signatureValid])).toEqual(
      [
        [event, 1, true],
        [event, 2, true],
      ],
    )
  })

  it('B13 the health of an endpoint is shown, and told when it changes', async () => {
    const engine = startEngine({ retry: { ...fixed, maxAttempts: 100, multiplier: 1 } })
    const { service, transport, clock, register } = engine
    const endpoint = register({ autoDisable: { afterMs: 10_000, warningMs: 5000 } })
    expect(service.getEndpoint(endpoint)).toMatchObject({ state: 'active', health: { failingSince: null } })
    const told = listen(engine, 'endpointFailing', 'endpointDisabled')
    transport.respond(() => 500)
    service.submitEvent(endpoint, 'order.created', {})
    await clock.advance(20_000)
    expect(told.map(([type]) => type)).toEqual(['endpointFailing', 'endpointDisabled'])
    expect(service.getEndpoint(endpoint)).toMatchObject({
      state: 'disabled',
      health: { failingSince: '2025-01-01T00:00:00.000Z', disableReason: 'failing' },
    })
  })

  it('B14 dead letters are listed, and redelivered one by one or all', async () => {
    const { service, transport, clock, register } = startEngine({ retry: { maxAttempts: 1 } })
    const endpoint = register()
    transport.respond(() => 500)
    const events = [1, 2, 3].map((n) => service.submitEvent(endpoint, 'order.created', { n }))
    await clock.advance(0)
    expect(service.getDeadLetterEvents(endpoint).map(({ eventId }) => eventId)).toEqual(events)
    transport.respond(() => 200)
    service.redeliver(events[1]!)
    await clock.advance(0)
    expect(service.getDeadLetterEvents(endpoint)).toHaveLength(2)
    expect(service.redeliverDeadLetters(endpoint)).toBe(2)
    await clock.advance(0)
    expect(events.map((event) => service.getEventStatus(event).status)).toEqual(events.map(() => 'delivered'))
  })

  it('B15 an endpoint is called no faster than its limit, and all together no faster than theirs', async () => {
    const { service, transport, clock, register } = startEngine({ rateLimit: { perSecond: 3, burst: 3 } })
    const endpoint = register({ rateLimit: { perSecond: 1, burst: 1 } })
    for (let n = 0; n < 10; n += 1) service.submitEvent(endpoint, 'order.created', { n })
    await clock.advance(4000)
    expect(transport.requests).toHaveLength(5)
    for (let n = 0; n < 20; n += 1) service.submitEvent(register(), 'order.created', { n })
    await clock.advance(0)
    const before = transport.requests.length
    await clock.advance(3000)
    expect(transport.requests.length - before).toBe(9)
  })

  it('B16 success rate, latency and queue depth are figures for Prometheus', async () => {
    const { service, transport, clock, register } = startEngine({ retry: { ...fixed, maxAttempts: 2 } })
    const server = createServer(service, { clock })
    onTestFinished(() => server.close({ graceMs: 0 }))
    // It counts from its first moment on.
    await server.inject({ method: 'GET', path: '/health/live' })
    transport.respond(({ attempt }) => (attempt === 1 ? 500 : 200))
    service.submitEvent(register(), 'order.created', {})
    await clock.advance(5000)
    const paused = register()
    service.pauseEndpoint(paused)
    service.submitEvent(paused, 'order.created', {})
    const { text } = await server.inject({ method: 'GET', path: '/metrics' })
    const figures = parsePrometheusText(text)
    expect(valueOf(figures, 'webhook_attempts_total', { outcome: 'http_5xx' })).toBe(1)
    expect(valueOf(figures, 'webhook_attempts_total', { outcome: 'succeeded' })).toBe(1)
    expect(valueOf(figures, 'webhook_delivery_duration_seconds_count')).toBe(1)
    expect(valueOf(figures, 'webhook_delivery_duration_seconds_sum')).toBe(1)
    expect(valueOf(figures, 'webhook_queue_size')).toBe(1)
  })

  it('B17 a breaker leaves an endpoint alone, and tests it with one request before the others follow', async () => {
    const { service, transport, clock, register } = startEngine({ retry: { ...fixed, initialDelayMs: 0 } })
    const endpoint = register({ breaker: { failures: 3, cooldownMs: 60_000 }, ordering: 'none', concurrency: 1 })
    transport.respond(() => 500)
    for (let n = 0; n < 5; n += 1) service.submitEvent(endpoint, 'order.created', { n })
    await clock.advance(59_999)
    expect(transport.requests).toHaveLength(3)
    transport.respond(() => 'held')
    service.updateEndpoint(endpoint, { concurrency: 5 })
    await clock.advance(1)
    expect(transport.open).toHaveLength(1)
    expect(service.getEndpoint(endpoint).health.breaker?.state).toBe('halfOpen')
    transport.open[0]!.answer(200)
    await clock.advance(0)
    expect(service.getEndpoint(endpoint).health.breaker?.state).toBe('closed')
    expect(transport.open).toHaveLength(4)
  })

  it('B18 an event that is submitted twice with one key is sent once, always under one id', async () => {
    const receiver = await startReceiver()
    const gate = createGate()
    receiver.respond(500, () => gate.passed.then(() => 200))
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const submit = () => service.submitEvent(endpoint, 'order.created', { id: 7 }, { idempotencyKey: 'order-7' })
    const event = submit()
    expect(submit()).toBe(event)
    await receiver.waitFor(2)
    expect(submit()).toBe(event)
    gate.open()
    await settled(service, event)
    expect(receiver.requests.map(({ eventId }) => eventId)).toEqual([event, event])
    expect(service.stats().submitted).toBe(1)
  })
})
