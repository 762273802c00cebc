import { describe, expect, test } from 'vitest'
import type { RetryOptions } from '../../src/retry/retry-policy.ts'
import { createFailingLog } from '../support/failing-log.ts'
import { startEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'

/** One request, and the next in a day. */
const oneADay = { perSecond: 0.00001, burst: 1 }

/** Drains without time passing, and tells what was left. */
async function drainAtOnce({ service, quiet }: Engine): Promise<number | 'still waiting'> {
  let left: number | 'still waiting' = 'still waiting'
  void service.shutdown({ drain: true }).then(({ undelivered }) => (left = undelivered.length))
  await quiet()
  return left
}

function submitTwo({ service }: Engine, endpoint: string): void {
  for (const n of [1, 2]) service.submitEvent(endpoint, 'a.b', { n })
}

describe('a draining shutdown waits for no time that would change nothing', () => {
  test.each(['pauseEndpoint', 'removeEndpoint'] as const)('of the service’s rate limit, after %s', async (call) => {
    const engine = startEngine({ rateLimit: oneADay })
    const endpoints = [engine.register(), engine.register()]
    for (const endpoint of endpoints) submitTwo(engine, endpoint)
    await engine.quiet()
    for (const endpoint of endpoints) engine.service[call](endpoint)
    expect(await drainAtOnce(engine)).toBe(call === 'removeEndpoint' ? 0 : 3)
  })

  test('of the rate limit of a paused endpoint', async () => {
    const engine = startEngine()
    const endpoint = engine.register({ rateLimit: oneADay })
    submitTwo(engine, endpoint)
    await engine.quiet()
    engine.service.pauseEndpoint(endpoint)
    expect(await drainAtOnce(engine)).toBe(1)
  })

  test('of the backoff of a paused endpoint, whether it began before the pause or after', async () => {
    for (const pausedFirst of [true, false]) {
      const engine = startEngine()
      const endpoint = engine.register()
      engine.transport.respond(() => (pausedFirst ? 'held' : 503))
      engine.service.submitEvent(endpoint, 'a.b', 1)
      await engine.quiet()
      engine.service.pauseEndpoint(endpoint)
      engine.transport.open[0]?.answer(503)
      await engine.quiet()
      expect(await drainAtOnce(engine)).toBe(1)
    }
  })

  test('of the breaker of a paused endpoint', async () => {
    const engine = startEngine({ retry: { maxAttempts: 1 } })
    const endpoint = engine.register({ breaker: { failures: 1, cooldownMs: 60_000 } })
    engine.transport.respond(() => 503)
    submitTwo(engine, endpoint)
    await engine.quiet()
    engine.service.pauseEndpoint(endpoint)
    expect(await drainAtOnce(engine)).toBe(1)
  })

  test('of a breaker, behind a dead letter that holds the line', async () => {
    const engine = startEngine({ retry: { maxAttempts: 1 } })
    const endpoint = engine.register({ breaker: { failures: 1, cooldownMs: 60_000 }, whenExhausted: 'halt' })
    engine.transport.respond(() => 503)
    engine.service.submitEvent(endpoint, 'a.b', 1)
    await engine.quiet()
    engine.service.submitEvent(endpoint, 'a.b', 2)
    await engine.quiet()
    expect(await drainAtOnce(engine)).toBe(1)
  })
})

test('a paused endpoint waits for its limit again when it is resumed', async () => {
  const engine = startEngine()
  const endpoint = engine.register({ rateLimit: { perSecond: 1, burst: 1 } })
  submitTwo(engine, endpoint)
  await engine.clock.advance(500)
  engine.service.pauseEndpoint(endpoint)
  engine.service.resumeEndpoint(endpoint)
  await engine.clock.advance(499)
  expect(engine.service.stats().events.delivered).toBe(1)
  await engine.clock.advance(1)
  expect(engine.service.stats().events.delivered).toBe(2)
})

describe('a draining shutdown waits', () => {
  test('for the backoff of an endpoint that was paused and resumed', async () => {
    const engine = startEngine()
    const endpoint = engine.register()
    engine.transport.respond(({ attempt }) => (attempt === 1 ? 503 : 200))
    engine.service.submitEvent(endpoint, 'a.b', 1)
    await engine.quiet()
    engine.service.pauseEndpoint(endpoint)
    engine.service.resumeEndpoint(endpoint)
    expect(await drainAtOnce(engine)).toBe('still waiting')
    await engine.clock.advance(1000)
    expect(engine.service.stats().events.delivered).toBe(1)
  })

  test.each(['before', 'after'])('for the log to take an answer, though the endpoint is paused %s it', async (when) => {
    const { engine, answer } = await startOwing()
    const [endpoint] = engine.service.listEndpoints()
    if (when === 'before') engine.service.pauseEndpoint(endpoint!.id)
    await answer(200)
    if (when === 'after') engine.service.pauseEndpoint(endpoint!.id)
    expect(await drainAtOnce(engine)).toBe('still waiting')
    await engine.clock.advance(1000)
    expect(engine.service.stats().events.delivered).toBe(1)
  })

  test('for no longer than that, when the answer leads to a backoff of the paused endpoint', async () => {
    const { engine, answer } = await startOwing({ initialDelayMs: 60_000, maxDelayMs: 60_000 })
    const [endpoint] = engine.service.listEndpoints()
    await answer(503)
    engine.service.pauseEndpoint(endpoint!.id)
    let left: number | null = null
    void engine.service.shutdown({ drain: true }).then(({ undelivered }) => (left = undelivered.length))
    await engine.clock.advance(1000)
    expect(left).toBe(1)
  })
})

/** One request in flight, and a log that will refuse to take its answer at once. */
async function startOwing(retry: RetryOptions = {}) {
  const log = createFailingLog()
  const engine = startEngine({ log, retry: { maxAttempts: 3, jitter: 0, ...retry } })
  const endpoint = engine.register()
  engine.transport.respond(() => 'held')
  engine.service.submitEvent(endpoint, 'a.b', 1)
  await engine.quiet()
  return {
    engine,
    answer: async (status: number) => {
      const refused = log.calls + 1
      log.refuse((call) => call === refused)
      engine.transport.open[0]?.answer(status)
      await engine.quiet()
    },
  }
}
