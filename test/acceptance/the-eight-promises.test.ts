import { describe, expect, it } from 'vitest'
import { ServiceClosedError } from '../../src/index.ts'
import { createReceiver } from '../../src/testing/index.ts'
import { next, records, settled } from './await-events.ts'
import { createGate } from './gate.ts'
import { quickRetry, secret, slowRetry, startReceiver, startService } from './start.ts'

/** Timers count in whole milliseconds of another clock than the one that measures here. */
const roundingMs = 2

describe('an event', () => {
  it('is delivered by one request when the endpoint answers 200', async () => {
    const receiver = await startReceiver()
    const service = startService()
    const endpoint = service.registerEndpoint(`${receiver.url}/hooks`, secret)
    const event = service.submitEvent(endpoint, 'payment.captured', { amount: 4200, currency: 'EUR' })
    await settled(service, event)

    expect(service.getEventStatus(event)).toEqual({
      status: 'delivered',
      attempts: 1,
      lastError: null,
      deliveredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    })
    expect(receiver.requests).toMatchObject([
      { method: 'POST', path: '/hooks', eventId: event, eventType: 'payment.captured', signatureValid: true },
    ])
    expect(receiver.requests[0]!.json()).toEqual({ amount: 4200, currency: 'EUR' })
  })

  it('is tried again after a 500, with delays that grow up to the maximum', async () => {
    const receiver = await startReceiver()
    const arrivals: number[] = []
    const fail = () => (arrivals.push(performance.now()), 500)
    receiver.respond(fail, fail, fail, fail, fail, () => (arrivals.push(performance.now()), 200))
    const service = startService({ retry: { ...quickRetry, maxAttempts: 6 } })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const event = service.submitEvent(endpoint, 'payment.captured', { amount: 1 })
    await settled(service, event)

    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 6, lastError: 'HTTP 500' })
    expect(receiver.requests.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6])

    const promisedMs = [20, 40, 80, 80, 80]
    const failures = records(service, event, 'attempt.failed')
    expect(failures.map(({ at, event: { retryAt } }) => Date.parse(retryAt) - Date.parse(at))).toEqual(promisedMs)
    const starts = records(service, event, 'attempt.started').slice(1)
    for (const [index, { at }] of starts.entries()) {
      expect(Date.parse(at)).toBeGreaterThanOrEqual(Date.parse(failures[index]!.event.retryAt) - roundingMs)
    }
    for (const [index, delayMs] of promisedMs.entries()) {
      expect(arrivals[index + 1]! - arrivals[index]!).toBeGreaterThanOrEqual(delayMs - roundingMs)
    }
  })

  it.each([400, 401, 404, 422, 499])(
    'fails at once, after one request, when the endpoint answers %i',
    async (status) => {
      const receiver = await startReceiver({ default: status })
      const service = startService()
      const endpoint = service.registerEndpoint(receiver.url, secret)
      const event = service.submitEvent(endpoint, 'payment.captured', {})
      const later = service.submitEvent(endpoint, 'payment.captured', {})
      await settled(service, event, later)

      expect(service.getEventStatus(event)).toEqual({
        status: 'failed',
        attempts: 1,
        lastError: `HTTP ${status}`,
        deliveredAt: null,
      })
      expect(receiver.requests.map(({ eventId }) => eventId)).toEqual([event, later])
      expect(service.getDeadLetterEvents(endpoint)).toEqual([])
    },
  )

  it('is tried again when no answer comes within the timeout', async () => {
    const receiver = await startReceiver()
    receiver.respond('hang')
    const service = startService({ timeoutMs: 300 })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const event = service.submitEvent(endpoint, 'payment.captured', {})
    await settled(service, event)

    expect(service.getEventStatus(event)).toMatchObject({
      status: 'delivered',
      attempts: 2,
      lastError: 'timeout: no answer within 300 ms',
    })
    const [failed] = records(service, event, 'attempt.failed')
    expect(failed!.event.failure).toMatchObject({ reason: 'timeout', reach: 'unknown' })
    expect(failed!.event.durationMs).toBeGreaterThanOrEqual(300 - roundingMs)
  })

  it('is tried again while the connection is refused, and delivered once someone listens', async () => {
    const closed = await createReceiver()
    await closed.close()
    const service = startService({ retry: { maxAttempts: 1000, initialDelayMs: 20, multiplier: 1, jitter: 0 } })
    const endpoint = service.registerEndpoint(closed.url, secret)
    const event = service.submitEvent(endpoint, 'payment.captured', {})
    const refused = await next(service, 'attemptFailed', ({ attempt }) => attempt === 2)
    expect(refused).toMatchObject({
      eventId: event,
      status: 'backoff',
      failure: { reason: 'connect', reach: 'notSent' },
    })

    const opened = await startReceiver({ port: Number(new URL(closed.url).port) })
    await settled(service, event)
    expect(service.getEventStatus(event).status).toBe('delivered')
    expect(opened.requests).toMatchObject([{ eventId: event, signatureValid: true }])
  })

  it('becomes a dead letter when its attempts are used up, and the next in line goes on', async () => {
    const receiver = await startReceiver()
    const service = startService({ retry: { ...quickRetry, maxAttempts: 3 } })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const other = service.registerEndpoint(`${receiver.url}/other`, secret)
    receiver.respond(500, 503, 502)
    const event = service.submitEvent(endpoint, 'payment.captured', { amount: 1 })
    const following = service.submitEvent(endpoint, 'payment.refunded', { amount: 2 })
    await settled(service, event, following)

    expect(receiver.requests.map(({ eventId }) => eventId)).toEqual([event, event, event, following])
    expect(service.getEventStatus(event)).toEqual({
      status: 'deadLettered',
      attempts: 3,
      lastError: 'HTTP 502',
      deliveredAt: null,
    })
    expect(service.getEventStatus(following).status).toBe('delivered')
    const last = records(service, event, 'attempt.failed').at(-1)!
    expect(service.getDeadLetterEvents(endpoint)).toEqual([
      {
        eventId: event,
        endpointId: endpoint,
        eventType: 'payment.captured',
        payload: { amount: 1 },
        sequence: 1,
        orderingKey: null,
        attempts: 3,
        lastError: 'HTTP 502',
        submittedAt: records(service, event, 'event.submitted')[0]!.at,
        deadLetteredAt: last.at,
      },
    ])
    expect(service.getDeadLetterEvents(other)).toEqual([])
  })

  it('arrives in the order submitted, also when an event before it fails twice', async () => {
    const receiver = await startReceiver()
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    receiver.respond(500, 500)
    const events = ['first', 'second', 'third'].map((name) => service.submitEvent(endpoint, 'order.changed', { name }))
    await settled(service, ...events)

    const [first, second, third] = events
    expect(receiver.requests.map(({ eventId }) => eventId)).toEqual([first, first, first, second, third])
    expect(receiver.requests.map(({ sequence }) => sequence)).toEqual([1, 1, 1, 2, 3])
    expect(receiver.counts()).toMatchObject({ orderViolations: 0, duplicates: 0, maxInFlight: 1 })
  })
})

describe('a service that is shut down during a request', () => {
  it('completes the request, starts no other, takes nothing new, and then resolves', async () => {
    const receiver = await startReceiver()
    const gate = createGate()
    receiver.respond(() => gate.passed.then(() => 200))
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const inFlight = service.submitEvent(endpoint, 'payment.captured', { amount: 1 })
    const waiting = service.submitEvent(endpoint, 'payment.captured', { amount: 2 })
    await receiver.waitFor(1)

    const shutdown = service.shutdown()
    expect(service.shutdown()).toBe(shutdown)
    expect(() => service.submitEvent(endpoint, 'payment.captured', {})).toThrow(ServiceClosedError)
    expect(service.getEventStatus(inFlight).status).toBe('delivering')

    gate.open()
    const report = await shutdown
    expect(service.getEventStatus(inFlight)).toMatchObject({ status: 'delivered', attempts: 1 })
    expect(report).toEqual({
      undelivered: [{ eventId: waiting, endpointId: endpoint, status: 'pending' }],
      undeliveredTotal: 1,
      interrupted: 0,
    })
    expect(receiver.received).toBe(1)
    expect(service.shutdown({ drain: true })).toBe(shutdown)
    expect(() => service.submitEvent(endpoint, 'payment.captured', {})).toThrow(ServiceClosedError)
  })

  it('leaves an event that is backing off where it is', async () => {
    const receiver = await startReceiver({ default: 500 })
    const service = startService({ retry: slowRetry })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const event = service.submitEvent(endpoint, 'payment.captured', {})
    await next(service, 'attemptFailed')
    expect(await service.shutdown()).toEqual({
      undelivered: [{ eventId: event, endpointId: endpoint, status: 'backoff' }],
      undeliveredTotal: 1,
      interrupted: 0,
    })
  })
})
