import { describe, expect, test } from 'vitest'
import type { ServiceEvents } from '../../src/index.ts'
import { createFailingLog } from '../support/failing-log.ts'
import { startEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'

/** One request a second, none saved up. */
const onePerSecond = { perSecond: 1, burst: 1 }
const startedAt = Date.parse('2025-01-01T00:00:00.000Z')
const at = (ms: number): string => new Date(startedAt + ms).toISOString()

/** Each request by the time it went out and how long limits had held it, from the log. */
function starts({ service }: Engine): { eventId: string; afterMs: number; rateLimitedMs: number | undefined }[] {
  return Array.from(service.log.entries()).flatMap(({ eventId, at: date, event }) =>
    event.type === 'attempt.started'
      ? [{ eventId, afterMs: Date.parse(date) - startedAt, rateLimitedMs: event.rateLimitedMs }]
      : [],
  )
}

function heard({ service }: Engine): ServiceEvents['rateLimited'][] {
  const notices: ServiceEvents['rateLimited'][] = []
  service.on('rateLimited', (notice) => notices.push(notice))
  return notices
}

describe('the rate limit of the service', () => {
  test('goes over all endpoints, keeps their order, and the log tells how long it held', async () => {
    const engine = startEngine({ rateLimit: onePerSecond })
    const [a, b] = [engine.register(), engine.register()]
    const events = [a, a, b].map((endpoint) => engine.service.submitEvent(endpoint, 'tick', {}))
    await engine.clock.advance(5000)
    expect(starts(engine)).toEqual([
      { eventId: events[0], afterMs: 0, rateLimitedMs: undefined },
      { eventId: events[2], afterMs: 1000, rateLimitedMs: 1000 },
      { eventId: events[1], afterMs: 2000, rateLimitedMs: 2000 },
    ])
  })

  test('is told of once for each attempt it holds, and explained', async () => {
    const engine = startEngine({ rateLimit: onePerSecond })
    const notices = heard(engine)
    const [a, b, c] = [engine.register(), engine.register(), engine.register()]
    for (const endpoint of [a, b]) engine.service.submitEvent(endpoint, 'tick', {})
    const last = engine.service.submitEvent(c, 'tick', {})
    await engine.quiet()
    // Looks again, and finds it still held.
    engine.service.submitEvent(a, 'tick', {})
    await engine.clock.advance(100)
    expect(notices).toEqual([{ endpointId: b, limit: 'service', until: at(1000) }])
    expect(engine.service.explain(last)).toMatchObject({
      reason: 'rateLimited',
      until: at(1000),
      text: `the service's rate limit holds it until ${at(1000)}`,
    })
    await engine.clock.advance(900)
    expect(notices.slice(1)).toEqual([{ endpointId: c, limit: 'service', until: at(2000) }])
  })

  test('loses no token to an endpoint that its own limit holds', async () => {
    const engine = startEngine({ rateLimit: onePerSecond })
    const [limited, free] = [engine.register({ rateLimit: { perSecond: 0.1, burst: 1 } }), engine.register()]
    for (let n = 0; n < 3; n += 1) engine.service.submitEvent(limited, 'tick', {})
    await engine.clock.advance(2000)
    const event = engine.service.submitEvent(free, 'tick', {})
    await engine.quiet()
    expect(engine.service.getEventStatus(event).status).toBe('delivered')
  })

  test('lets a draining shutdown deliver what it holds', async () => {
    const engine = startEngine({ rateLimit: onePerSecond })
    const endpoint = engine.register()
    for (let n = 0; n < 3; n += 1) engine.service.submitEvent(endpoint, 'tick', {})
    const report = engine.service.shutdown({ drain: true })
    await engine.clock.advance(2000)
    expect((await report).undelivered).toEqual([])
  })

  test('is left alone by a shutdown that does not drain', async () => {
    const engine = startEngine({ rateLimit: onePerSecond })
    const endpoint = engine.register()
    for (let n = 0; n < 3; n += 1) engine.service.submitEvent(endpoint, 'tick', {})
    await engine.quiet()
    expect((await engine.service.shutdown()).undelivered).toHaveLength(2)
    expect(engine.clock.timers).toBe(0)
  })
})

describe('the rate limit of an endpoint', () => {
  test('loses no token to a turn that the limit of the service holds', async () => {
    const engine = startEngine({ rateLimit: onePerSecond })
    const [first, limited] = [engine.register(), engine.register({ rateLimit: { perSecond: 0.1, burst: 2 } })]
    engine.service.submitEvent(first, 'tick', {})
    const events = [1, 2].map((n) => engine.service.submitEvent(limited, 'tick', { n }))
    await engine.clock.advance(2000)
    expect(events.map((event) => engine.service.getEventStatus(event).status)).toEqual(['delivered', 'delivered'])
  })

  test('loses no token to an attempt that the log did not take', async () => {
    const log = createFailingLog((call) => call === 2)
    const engine = startEngine({ log, rateLimit: { perSecond: 0.1, burst: 1 } })
    const limited = engine.register({ rateLimit: { perSecond: 0.1, burst: 1 } })
    const event = engine.service.submitEvent(limited, 'tick', {})
    await engine.clock.advance(1000)
    expect(starts(engine).map(({ eventId, afterMs }) => [eventId, afterMs])).toEqual([[event, 1000]])
  })

  test('is told of once for each attempt, and in the log', async () => {
    const engine = startEngine()
    const notices = heard(engine)
    const endpoint = engine.register({ rateLimit: onePerSecond, ordering: 'none' })
    for (let n = 0; n < 3; n += 1) engine.service.submitEvent(endpoint, 'tick', {})
    await engine.clock.advance(500)
    const late = engine.service.submitEvent(endpoint, 'tick', {})
    expect(engine.service.explain(late)).toMatchObject({
      reason: 'rateLimited',
      text: `the rate limit of endpoint ${endpoint} holds it until ${at(1000)}`,
    })
    await engine.clock.advance(3000)
    expect(notices).toEqual(
      [1000, 2000, 3000].map((ms) => ({ endpointId: endpoint, limit: 'endpoint', until: at(ms) })),
    )
    expect(starts(engine).map(({ afterMs, rateLimitedMs }) => [afterMs, rateLimitedMs])).toEqual([
      [0, undefined],
      [1000, 1000],
      [2000, 2000],
      [3000, 2500],
    ])
  })

  test('and that of the service, where both hold, are counted once', async () => {
    const engine = startEngine({ rateLimit: { perSecond: 0.5, burst: 1 } })
    const [limited, free] = [engine.register({ rateLimit: onePerSecond }), engine.register()]
    const events = [1, 2].map((n) => engine.service.submitEvent(limited, 'tick', { n }))
    await engine.clock.advance(100)
    engine.service.submitEvent(free, 'tick', {})
    await engine.clock.advance(10_000)
    for (const { afterMs, rateLimitedMs } of starts(engine).filter(({ eventId }) => eventId === events[1])) {
      expect(rateLimitedMs).toBe(afterMs)
    }
    expect(starts(engine)).toHaveLength(3)
  })

  test('counts also what a limit held that was replaced', async () => {
    const engine = startEngine()
    const endpoint = engine.register({ rateLimit: onePerSecond })
    for (let n = 0; n < 3; n += 1) engine.service.submitEvent(endpoint, 'tick', {})
    await engine.clock.advance(1500)
    engine.service.updateEndpoint(endpoint, { rateLimit: { perSecond: 2, burst: 1 } })
    await engine.clock.advance(500)
    expect(starts(engine).map(({ afterMs, rateLimitedMs }) => [afterMs, rateLimitedMs])).toEqual([
      [0, undefined],
      [1000, 1000],
      [1500, 500],
    ])
  })

  test('does not count the time in which the endpoint was paused', async () => {
    const engine = startEngine({ rateLimit: { perSecond: 0.1, burst: 1 } })
    const [paused, busy] = [engine.register(), engine.register()]
    engine.service.pauseEndpoint(paused)
    const event = engine.service.submitEvent(paused, 'tick', {})
    for (let n = 0; n < 3; n += 1) engine.service.submitEvent(busy, 'tick', {})
    await engine.clock.advance(60_000)
    engine.service.resumeEndpoint(paused)
    await engine.quiet()
    expect(starts(engine).find(({ eventId }) => eventId === event)?.rateLimitedMs).toBeUndefined()
  })
})
