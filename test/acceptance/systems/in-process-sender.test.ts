// The rows A1 and following of docs/coming-from-another-system.md, with real requests. Where delays count, time is the virtual clock's.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CapacityError, ServiceClosedError } from '../../../src/index.ts'
import type { WebhookServiceOptions } from '../../../src/index.ts'
import { createReceiver, createVirtualClock, runToRest } from '../../../src/testing/index.ts'
import { records } from '../await-events.ts'
import { createGate } from '../gate.ts'
import { secret, startReceiver, startService } from '../start.ts'

/** A service with the defaults, but for what is given and for the chance in delays. */
async function start(options: WebhookServiceOptions = {}) {
  const clock = createVirtualClock()
  const receiver = await startReceiver({ clock })
  const service = startService({ retry: { jitter: 0 }, clock, ...options })
  const endpoint = service.registerEndpoint(`${receiver.url}/hooks`, secret)
  return { clock, receiver, service, endpoint, rest: () => runToRest(service, clock) }
}

/** The same on the machine's clock, for lines of several events; `rest` resolves when all have settled. */
async function startInRealTime(options: WebhookServiceOptions = {}) {
  const receiver = await startReceiver()
  const service = startService(options)
  const endpoint = service.registerEndpoint(`${receiver.url}/hooks`, secret)
  return { receiver, service, endpoint, rest: () => service.drain() }
}

type Started = Awaited<ReturnType<typeof start>>

/** How long it waited after each failed attempt. */
function delaysOf({ service }: Started, eventId: string): number[] {
  const failures = records(service, eventId, 'attempt.failed').slice(0, -1)
  const starts = records(service, eventId, 'attempt.started').slice(1)
  return failures.map(({ at }, index) => Date.parse(starts[index]!.at) - Date.parse(at))
}

describe('of an in-process sender', () => {
  it('A1 the five calls are there: an endpoint, an event, its status, dead letters, an end', async () => {
    const { service, endpoint, rest } = await start()
    const event = service.submitEvent(endpoint, 'order.created', { id: 7 })
    expect(service.getEventStatus(event)).toEqual({
      status: 'pending',
      attempts: 0,
      lastError: null,
      deliveredAt: null,
    })
    await rest()
    expect(service.getEventStatus(event)).toEqual({
      status: 'delivered',
      attempts: 1,
      lastError: null,
      deliveredAt: '2025-01-01T00:00:00.000Z',
    })
    expect(service.getDeadLetterEvents(endpoint)).toEqual([])
    expect(await service.shutdown()).toMatchObject({ undelivered: [] })
  })

  it('A2 a request is a POST of the JSON, with its hex signature, its type and its id', async () => {
    const { service, endpoint, receiver, rest } = await start()
    const event = service.submitEvent(endpoint, 'order.created', { id: 7, name: 'é' })
    await rest()
    const { method, path, body, headers } = receiver.requests[0]!
    expect([method, path, body]).toEqual(['POST', '/hooks', '{"id":7,"name":"é"}'])
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-signature': createHmac('sha256', secret).update(body).digest('hex'),
      'x-event-type': 'order.created',
      'x-event-id': event,
    })
  })

  it('A3 there are five attempts, each after twice as long as the one before', async () => {
    const started = await start()
    const { service, endpoint, receiver, rest } = started
    receiver.respond(500, 500, 500, 500, 500)
    const event = service.submitEvent(endpoint, 'order.created', {})
    await rest()
    expect(delaysOf(started, event)).toEqual([1000, 2000, 4000, 8000])
    expect(receiver.received).toBe(5)
  })

  it('A4 an event whose attempts ran out is a dead letter', async () => {
    const { service, endpoint, receiver, rest } = await start()
    receiver.respond(500, 500, 500, 500, 503)
    const event = service.submitEvent(endpoint, 'order.created', { id: 7 })
    await rest()
    expect(service.getEventStatus(event)).toMatchObject({ status: 'deadLettered', attempts: 5 })
    expect(service.getDeadLetterEvents(endpoint)).toMatchObject([
      { eventId: event, eventType: 'order.created', payload: { id: 7 }, attempts: 5, lastError: 'HTTP 503' },
    ])
  })

  it('A5 an answer of 200 is a delivery', async () => {
    const { service, endpoint, receiver, rest } = await start()
    const event = service.submitEvent(endpoint, 'order.created', {})
    await rest()
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 1 })
    expect(receiver.received).toBe(1)
  })

  it('A6 an answer of 500 is tried again', async () => {
    const { service, endpoint, receiver, rest } = await start()
    receiver.respond(500, 200)
    const event = service.submitEvent(endpoint, 'order.created', {})
    await rest()
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 2, lastError: 'HTTP 500' })
  })

  it('A7 an answer of 4xx fails at once', async () => {
    const { service, endpoint, receiver, rest } = await startInRealTime()
    const statuses = [400, 401, 403, 404, 422, 429]
    receiver.respond(...statuses)
    const events = statuses.map((id) => service.submitEvent(endpoint, 'order.created', { id }))
    await rest()
    const expected = statuses.map((status) => ({ status: 'failed', attempts: 1, lastError: `HTTP ${status}` }))
    expect(events.map((event) => service.getEventStatus(event))).toMatchObject(expected)
    expect(receiver.received).toBe(statuses.length)
  })

  it('A8 an attempt without an answer ends after 30 seconds and is made again', async () => {
    const { service, endpoint, receiver, rest } = await start()
    receiver.respond('hang', 200)
    const event = service.submitEvent(endpoint, 'order.created', {})
    await rest()
    const [first, second] = service.getEvent(event).attempts
    expect(first).toMatchObject({ failure: { reason: 'timeout' }, endedAt: '2025-01-01T00:00:30.000Z' })
    expect(second).toMatchObject({ outcome: 'succeeded', startedAt: '2025-01-01T00:00:31.000Z' })
  })

  it('A9 a connection that is refused is tried again', async () => {
    const closed = await createReceiver()
    await closed.close()
    // No receiver has this clock, so the test says that answers are to be waited for.
    const clock = createVirtualClock()
    const service = startService({ clock, retry: { jitter: 0, maxAttempts: 2 } })
    const event = service.submitEvent(service.registerEndpoint(closed.url, secret), 'order.created', {})
    await runToRest(service, clock, { awaitAnswers: true })
    const reasons = service.getEvent(event).attempts.map(({ failure }) => failure?.reason)
    expect(reasons).toEqual(['connect', 'connect'])
  })

  it('A10 three events of an endpoint arrive in order, however often one of them fails', async () => {
    const { service, endpoint, receiver, rest } = await startInRealTime({ timeoutMs: 200 })
    receiver.respond(500, 500, 200, 'hang', 200)
    const events = [1, 2, 3].map((id) => service.submitEvent(endpoint, 'order.created', { id }))
    await rest()
    const [first, second, third] = events
    expect(receiver.requests.map(({ eventId }) => eventId)).toEqual([first, first, first, second, second, third])
    expect(receiver.counts('/hooks')).toMatchObject({ orderViolations: 0, maxInFlight: 1 })
  })

  it('A11 an endpoint that does not answer keeps no other waiting', async () => {
    const { service, endpoint, receiver, clock } = await start()
    const others = Array.from({ length: 5 }, (_, n) => service.registerEndpoint(`${receiver.url}/${n}`, secret))
    receiver.respondTo('/hooks', 'hang')
    const slow = service.submitEvent(endpoint, 'order.created', {})
    const events = others.map((other) => service.submitEvent(other, 'order.created', {}))
    await runToRest(service, clock, { limitMs: 0 }).catch(() => undefined)
    expect(service.getEventStatus(slow).status).toBe('delivering')
    expect(events.map((event) => service.getEventStatus(event).status)).toEqual(events.map(() => 'delivered'))
  })

  it('A12 a shutdown ends what is in flight and refuses what is new', async () => {
    const { service, endpoint, receiver } = await start()
    const gate = createGate()
    receiver.respond(() => gate.passed.then(() => 200))
    const event = service.submitEvent(endpoint, 'order.created', {})
    await receiver.waitFor(1)
    const ended = service.shutdown()
    expect(() => service.submitEvent(endpoint, 'order.created', {})).toThrow(ServiceClosedError)
    gate.open()
    expect(await ended).toMatchObject({ undelivered: [], interrupted: 0 })
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 1 })
  })

  it('A13 more than a thousand events may wait, and all of them arrive', async () => {
    const { service, receiver, rest } = await startInRealTime()
    const endpoints = Array.from({ length: 10 }, (_, n) => service.registerEndpoint(`${receiver.url}/${n}`, secret))
    for (let n = 0; n < 1500; n += 1) service.submitEvent(endpoints[n % 10]!, 'order.created', { n })
    expect(service.stats().events.pending).toBe(1500)
    await rest()
    expect(service.stats().events).toMatchObject({ pending: 0, delivered: 1500 })
    expect(receiver.counts()).toMatchObject({ orderViolations: 0, duplicates: 0 })
  })

  it('A14 events and bytes that wait are bounded, and there is room again when one is delivered', async () => {
    const { service, endpoint, rest } = await startInRealTime({ limits: { pendingEvents: 2, pendingBytes: 20 } })
    const submit = (payload: unknown) => service.submitEvent(endpoint, 'order.created', payload)
    submit('x'.repeat(18))
    expect(() => submit(1)).toThrow(CapacityError)
    await rest()
    submit(1)
    submit(2)
    expect(() => submit(3)).toThrow(CapacityError)
    await rest()
    expect(service.stats().submitted).toBe(3)
  })

  it('A15 no promise is rejected without anyone to see it, whatever fails', async () => {
    const rejections: unknown[] = []
    const note = (reason: unknown): unknown => rejections.push(reason)
    process.on('unhandledRejection', note)
    onTestFinished(() => void process.off('unhandledRejection', note))
    const { service, endpoint, receiver, rest } = await startInRealTime({ timeoutMs: 200 })
    service.on('settled', () => {
      throw new Error('of a listener')
    })
    receiver.respond('reset', 500, 'hang', 404, () => {
      throw new Error('of a receiver')
    })
    for (let n = 0; n < 5; n += 1) service.submitEvent(endpoint, 'order.created', { n })
    await rest()
    await service.shutdown()
    await new Promise((resolve) => setImmediate(resolve))
    expect(rejections).toEqual([])
  })

  it('A16 it needs no queue, no database and no library for retries', async () => {
    const { service } = await start()
    expect(service.stats().durable).toBe(false)
    const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
    // For requests, for ids, and for the statecharts; all else that it may use is an optional peer.
    expect(manifest).toMatchObject({ dependencies: expect.anything() })
    const { dependencies } = manifest as { dependencies: object } // as the line above found
    expect(Object.keys(dependencies).sort()).toEqual(['nanoid', 'undici', 'xstate'])
  })
})
