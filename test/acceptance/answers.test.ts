import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EndpointDisabledError, type EventStatus, type RetryOptions } from '../../src/index.ts'
import { createVirtualClock } from '../../src/testing/index.ts'
import { next, records, settled } from './await-events.ts'
import { quickRetry, secret, startReceiver, startService } from './start.ts'

/** What becomes of an event that is answered with `status` every time, and how many requests that took. */
async function outcomeOf(status: number, retry: RetryOptions = {}): Promise<Pick<EventStatus, 'status' | 'attempts'>> {
  const receiver = await startReceiver({ default: status })
  const service = startService({ retry: { ...quickRetry, maxAttempts: 2, initialDelayMs: 0, ...retry } })
  const event = service.submitEvent(service.registerEndpoint(receiver.url, secret), 'tick', {})
  await settled(service, event)
  const { status: outcome, attempts } = service.getEventStatus(event)
  expect(receiver.received).toBe(attempts)
  return { status: outcome, attempts }
}

describe('the answer', () => {
  it.each([200, 201, 202, 204, 205, 226, 299])('%i delivers', async (status) => {
    expect(await outcomeOf(status)).toEqual({ status: 'delivered', attempts: 1 })
  })

  it.each([400, 403, 404, 408, 409, 425, 429, 451])('%i fails at once', async (status) => {
    expect(await outcomeOf(status)).toEqual({ status: 'failed', attempts: 1 })
  })

  it.each([408, 425, 429])('%i is tried again when the policy names it', async (status) => {
    const retryableStatuses = [408, 425, 429]
    expect(await outcomeOf(status, { retryableStatuses })).toEqual({ status: 'deadLettered', attempts: 2 })
    expect(await outcomeOf(400, { retryableStatuses })).toEqual({ status: 'failed', attempts: 1 })
  })

  it.each([300, 301, 304, 307, 500, 501, 503, 599, 600, 999])('%i is tried again', async (status) => {
    expect(await outcomeOf(status)).toEqual({ status: 'deadLettered', attempts: 2 })
  })

  it('is tried again when the connection breaks before it came', async () => {
    const receiver = await startReceiver()
    receiver.respond('reset')
    const service = startService()
    const event = service.submitEvent(service.registerEndpoint(receiver.url, secret), 'tick', {})
    await settled(service, event)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 2 })
    expect(records(service, event, 'attempt.failed')[0]!.event.failure).toMatchObject({
      reason: 'reset',
      reach: 'unknown',
    })
  })

  it('is decided by its status line, and its body kept as a snippet', async () => {
    const receiver = await startReceiver()
    receiver.respond({ status: 500, body: 'database is down' }, { status: 200, body: 'x'.repeat(100_000) })
    const service = startService()
    const event = service.submitEvent(service.registerEndpoint(receiver.url, secret), 'tick', {})
    await settled(service, event)
    const { status, attempts } = service.getEvent(event)
    expect(status).toBe('delivered')
    expect(attempts.map(({ status: answer }) => answer)).toEqual([500, 200])
    expect(attempts[0]!.snippet).toBe('database is down')
    expect(attempts[1]!.snippet).toMatch(/^x{1,2000}$/)
  })
})

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('with %i is not followed', async (status) => {
    const target = await startReceiver()
    const receiver = await startReceiver()
    receiver.respond({ status, headers: { location: `${target.url}/elsewhere` } })
    const service = startService()
    const event = service.submitEvent(service.registerEndpoint(receiver.url, secret), 'tick', {})
    await settled(service, event)
    expect(target.received).toBe(0)
    expect(receiver.received).toBe(2)
    expect(service.getEventStatus(event)).toMatchObject({
      status: 'delivered',
      attempts: 2,
      lastError: `HTTP ${status}: redirects are not followed`,
    })
  })
})

describe('410 Gone', () => {
  it('fails the event and disables the endpoint until it is resumed', async () => {
    const receiver = await startReceiver()
    receiver.respond(410)
    const service = startService({ retry: { ...quickRetry, retryableStatuses: [429] } })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const disabled = next(service, 'endpointDisabled')
    const refused = service.submitEvent(endpoint, 'tick', { n: 1 })
    const waiting = service.submitEvent(endpoint, 'tick', { n: 2 })
    expect(await disabled).toEqual({ endpointId: endpoint, reason: 'gone', failingSince: null })

    expect(service.getEventStatus(refused)).toMatchObject({ status: 'failed', attempts: 1, lastError: 'HTTP 410' })
    expect(service.getEndpoint(endpoint).state).toBe('disabled')
    expect(service.getEventStatus(waiting)).toMatchObject({ status: 'pending', attempts: 0 })
    expect(service.explain(waiting).reason).toBe('endpointDisabled')
    expect(() => service.submitEvent(endpoint, 'tick', { n: 3 })).toThrow(EndpointDisabledError)
    expect(service.publishEvent('tick', { n: 3 })).toEqual([])
    expect(receiver.received).toBe(1)

    service.resumeEndpoint(endpoint)
    const later = service.submitEvent(endpoint, 'tick', { n: 3 })
    await settled(service, waiting, later)
    expect(service.getEndpoint(endpoint).state).toBe('active')
    expect(receiver.requests.map(({ eventId }) => eventId)).toEqual([refused, waiting, later])
  })
})

describe('Retry-After', () => {
  const startAt = Date.parse('2025-01-01T00:00:00.000Z')
  const policy = { maxAttempts: 2, initialDelayMs: 10_000, maxDelayMs: 60_000, jitter: 0, retryableStatuses: [429] }

  /** How long after the first answer the second attempt is due. */
  async function delayMs(status: number, retryAfter: string): Promise<number> {
    const clock = createVirtualClock({ startAt })
    const receiver = await startReceiver({ clock })
    receiver.respond({ status, headers: { 'retry-after': retryAfter } })
    const service = startService({ clock, retry: policy })
    const event = service.submitEvent(service.registerEndpoint(receiver.url, secret), 'tick', {})
    const { retryAt } = await next(service, 'attemptFailed')
    const dueMs = Date.parse(retryAt!) - startAt

    const delivered = settled(service, event)
    await clock.advance(dueMs - 1)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'backoff', attempts: 1 })
    await clock.advance(1)
    await delivered
    return dueMs
  }

  it.each([429, 500, 503, 302])('moves the next attempt later, on %i', async (status) => {
    expect(await delayMs(status, '30')).toBe(30_000)
  })

  it('may be a date', async () => {
    expect(await delayMs(503, 'Wed, 01 Jan 2025 00:00:42 GMT')).toBe(42_000)
  })

  it.each(['0', '5', 'Wed, 01 Jan 2025 00:00:03 GMT', 'Tue, 31 Dec 2024 23:59:00 GMT'])(
    'never moves it earlier: %s',
    async (retryAfter) => {
      expect(await delayMs(503, retryAfter)).toBe(10_000)
    },
  )

  it.each(['61', '99999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'moves it at most to maxDelayMs: %s',
    async (text) => {
      expect(await delayMs(503, text)).toBe(60_000)
    },
  )

  it.each(['-5', 'soon', '1e9', '2.5'])('is ignored when it says nothing sensible: %s', async (retryAfter) => {
    expect(await delayMs(503, retryAfter)).toBe(10_000)
  })

  it('cannot make a refusal worth another attempt', async () => {
    const receiver = await startReceiver({ default: { status: 429, headers: { 'retry-after': '0' } } })
    const service = startService()
    const event = service.submitEvent(service.registerEndpoint(receiver.url, secret), 'tick', {})
    await settled(service, event)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'failed', attempts: 1 })
  })
})

describe('an address the egress policy forbids', () => {
  it('fails the event at once, without a connection', async () => {
    let connections = 0
    const server = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    onTestFinished(() => void server.close())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo

    const service = startService({ egress: { privateNetworks: 'deny' } })
    for (const host of ['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]']) {
      const event = service.submitEvent(service.registerEndpoint(`http://${host}:${port}`, secret), 'tick', {})
      await settled(service, event)
      expect(service.getEventStatus(event)).toEqual({
        status: 'failed',
        attempts: 1,
        lastError: 'egress_blocked: the egress policy forbids this address',
        deliveredAt: null,
      })
      expect(records(service, event, 'attempt.rejected')[0]!.event.failure).toMatchObject({
        reason: 'egress_blocked',
        reach: 'notSent',
      })
    }
    expect(connections).toBe(0)
  })

  it('is called when the policy allows it by name', async () => {
    const receiver = await startReceiver()
    const service = startService({ egress: { privateNetworks: 'deny', allow: ['127.0.0.0/8'] } })
    const event = service.submitEvent(service.registerEndpoint(receiver.url, secret), 'tick', {})
    await settled(service, event)
    expect(service.getEventStatus(event).status).toBe('delivered')
  })
})
