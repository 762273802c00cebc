import { describe, expect, test } from 'vitest'
import { recordLog, runAgain, submitSteadily, tried } from './record-log.ts'
import type { Behaviour } from './record-log.ts'

const plain = { retry: { jitter: 0 } }
const minuteMs = 60_000

/** Answers in 50 ms, but fails from the first to the second minute. */
const downForAMinute: Behaviour = ({ atMs }) => ({
  status: atMs >= minuteMs && atMs < 2 * minuteMs ? 503 : 200,
  afterMs: 50,
})

/** Two endpoints, an event every second for five minutes. */
function recordOutage(options = plain): Promise<string> {
  return recordLog(downForAMinute, options, async (world) => {
    await submitSteadily(world, [world.register(), world.register()], 300, 1000)
  })
}

describe('the same again', () => {
  test('comes out as recorded when no chance was in it', async () => {
    const { recorded, control, whatIf } = await runAgain(await recordOutage(), plain)
    expect(recorded.total).toMatchObject({ events: 300, attempts: 332, deadLettered: 6, delivered: 294 })
    expect(control).toEqual(recorded)
    expect(whatIf).toBeNull()
  })

  test('lets an endpoint be removed while a dead letter holds its line', async () => {
    const halting = { retry: { jitter: 0, maxAttempts: 1 } }
    const log = await recordLog(
      () => ({ status: 500, afterMs: 50 }),
      halting,
      async ({ service, clock, register }) => {
        const endpointId = register({ whenExhausted: 'halt' })
        service.submitEvent(endpointId, 'order.paid', {})
        service.submitEvent(endpointId, 'order.paid', {})
        await clock.advance(1000)
        service.removeEndpoint(endpointId)
      },
    )
    const { recorded, control } = await runAgain(log, halting)
    expect(recorded.total).toMatchObject({ deadLettered: 1, failed: 1 })
    expect(control).toEqual(recorded)
  })

  test('takes no event type for the name of a header', async () => {
    const log = await recordLog(
      () => ({ status: 200, afterMs: 50 }),
      plain,
      ({ service, register }) => {
        const endpointId = register({ ordering: 'none' })
        service.submitEvent(endpointId, 'X-Event-Id', {})
        service.submitEvent(endpointId, 'order.paid', {})
      },
    )
    const { recorded, control } = await runAgain(log, plain)
    expect(control).toEqual(recorded)
  })

  test('says of another policy what it was, beside the control run', async () => {
    const { recorded, control, whatIf } = await runAgain(await recordOutage(), plain, plain)
    expect([control, whatIf]).toEqual([recorded, recorded])
  })

  test('is the same for the same seed, and another for another', async () => {
    const log = await recordOutage()
    const jittered = { retry: { jitter: 1 } }
    const lags = async (seed: number) => tried(await runAgain(log, plain, jittered, seed)).total.lagMs
    expect(await lags(7)).toEqual(await lags(7))
    expect(await lags(7)).not.toEqual(await lags(8))
  })
})

describe('another policy', () => {
  test('with more patience loses fewer events, and waits longer for them', async () => {
    const patient = { retry: { jitter: 0, maxAttempts: 8 } }
    const { recorded, whatIf } = await runAgain(await recordOutage(), plain, patient)
    expect(whatIf?.total.deadLettered).toBeLessThan(recorded.total.deadLettered)
    expect(whatIf?.total.lagMs?.worst).toBeGreaterThan(recorded.total.lagMs?.worst ?? NaN)
  })

  test('that retries sooner delivers sooner after an outage', async () => {
    const slow = { retry: { jitter: 0, initialDelayMs: 40_000, multiplier: 1 } }
    const log = await recordLog(downForAMinute, slow, async (world) => {
      // An endpoint each, so that the attempts of one tell of no other.
      const endpointIds = Array.from({ length: 4 }, () => world.register({ ordering: 'none' }))
      await submitSteadily(world, endpointIds, 200, 1000)
    })
    const fast = { retry: { jitter: 0, initialDelayMs: 5000, multiplier: 1, maxAttempts: 30 } }
    const { recorded, whatIf } = await runAgain(log, slow, fast)
    expect(whatIf?.total.delivered).toBe(200)
    expect(whatIf?.total.lagMs?.p99).toBeLessThan(recorded.total.lagMs?.p99 ?? NaN)
  })

  test('with a rate limit raises the lag and the backlog', async () => {
    const log = await recordLog(
      () => ({ status: 200, afterMs: 10 }),
      plain,
      async (world) => submitSteadily(world, [world.register()], 100, 100),
    )
    const { recorded, whatIf } = await runAgain(log, plain, { endpoint: { rateLimit: { perSecond: 2 } } })
    expect(recorded.total.lagMs).toEqual({ p50: 10, p99: 10, worst: 10 })
    expect(whatIf?.total.lagMs?.worst).toBeGreaterThan(30_000)
    expect(whatIf?.total.mostUnsettled).toBeGreaterThan(50)
    const overAll = await runAgain(log, plain, { rateLimit: { perSecond: 2 } })
    expect(tried(overAll).total.lagMs?.worst).toBeGreaterThan(30_000)
  })

  test('with a breaker asks an endpoint that is down less often, and loses less of what waits', async () => {
    const log = await recordLog(downForAMinute, plain, async (world) => {
      await submitSteadily(world, [world.register({ ordering: 'none' })], 600, 250)
    })
    const { recorded, whatIf } = await runAgain(log, plain, {
      ...plain,
      endpoint: { breaker: { failures: 5, cooldownMs: 10_000 } },
    })
    expect(recorded.total.attempts).toBeGreaterThan(1200)
    expect(whatIf?.total.attempts).toBeLessThan(700)
    expect(whatIf?.total.deadLettered).toBeLessThan(recorded.total.deadLettered)
  })

  test('that halts holds the line behind its first dead letter, until a person decides', async () => {
    const { whatIf } = await runAgain(await recordOutage(), plain, { ...plain, endpoint: { whenExhausted: 'halt' } })
    expect(whatIf?.total.deadLettered).toBe(2)
    expect(whatIf?.total.unsettled).toBeGreaterThan(200)
  })

  test('for one endpoint changes no other', async () => {
    const own = { retry: { jitter: 0 }, endpoints: { ep_1: { retry: { maxAttempts: 1 } } } }
    const { recorded, whatIf } = await runAgain(await recordOutage(), plain, own)
    expect(whatIf?.endpoints.get('ep_1')?.attempts).toBeLessThan(recorded.endpoints.get('ep_1')?.attempts ?? NaN)
    expect(whatIf?.endpoints.get('ep_2')).toEqual(recorded.endpoints.get('ep_2'))
  })

  test('with a shorter deadline gives up on what answered later', async () => {
    const log = await recordLog(
      () => ({ status: 200, afterMs: 8000 }),
      plain,
      async (world) => submitSteadily(world, [world.register()], 3, 20_000),
    )
    expect(tried(await runAgain(log, plain, { timeoutMs: 5000, retry: { maxAttempts: 2 } })).total).toMatchObject({
      deadLettered: 3,
      attempts: 6,
    })
  })

  test('that disables an endpoint refuses what was submitted after', async () => {
    const log = await recordLog(
      () => ({ status: 500 }),
      plain,
      async (world) => submitSteadily(world, [world.register()], 100, 60_000),
    )
    const outcome = tried(
      await runAgain(log, plain, { ...plain, endpoint: { autoDisable: { afterMs: 30 * minuteMs } } }),
    )
    expect(outcome.refused).toBeGreaterThan(60)
    expect(outcome.total.events + outcome.refused).toBe(100)
  })

  test('lets lines of their own run in parallel, as many at once as it says', async () => {
    const log = await recordLog(
      () => ({ status: 200, afterMs: 1000 }),
      plain,
      async (world) => submitSteadily(world, [world.register()], 20, 10),
    )
    const lagsWith = async (endpoint: object) => tried(await runAgain(log, plain, { endpoint })).total.lagMs?.worst
    expect(await lagsWith({ concurrency: 4 })).toBe(19_810)
    expect(await lagsWith({ ordering: 'none' })).toBe(1000)
    expect(await lagsWith({ ordering: 'none', concurrency: 4 })).toBe(4840)
  })
})

describe('an endpoint that is run again', () => {
  test('refuses the events it refused, however often it is asked', async () => {
    const log = await recordLog(
      ({ eventId }) => ({ status: eventId === 'evt_2' ? 422 : 200, afterMs: 10 }),
      plain,
      async (world) => submitSteadily(world, [world.register()], 3, 1000),
    )
    expect(tried(await runAgain(log, plain, { rateLimit: { perSecond: 0.01 } })).total).toMatchObject({
      delivered: 2,
      failed: 1,
    })
  })

  test('takes an event it had refused once a person has redelivered it', async () => {
    let mended = false
    const log = await recordLog(
      () => ({ status: mended ? 200 : 422, afterMs: 10 }),
      plain,
      async (world) => {
        const eventId = world.service.submitEvent(world.register(), 'order.paid', {})
        await world.clock.advance(5000)
        mended = true
        world.service.redeliver(eventId)
      },
    )
    const { recorded, control } = await runAgain(log, plain)
    expect(recorded.total).toMatchObject({ delivered: 1, attempts: 2, lagMs: { worst: 5010 } })
    expect(control).toEqual(recorded)
  })

  test('that asked for a pause asks for it again', async () => {
    const log = await recordLog(
      ({ atMs }) => (atMs < 30_000 ? { status: 503, retryAfter: '30' } : { status: 200 }),
      plain,
      async (world) => submitSteadily(world, [world.register()], 2, 100),
    )
    const { recorded, control, retryAfters } = await runAgain(log, plain)
    expect(recorded.total).toMatchObject({ attempts: 3, lagMs: { worst: 30_000 } })
    expect(control).toEqual(recorded)
    expect(retryAfters).toBe(1)
  })

  test('that had enough for now may be asked again under a policy that does', async () => {
    const log = await recordLog(
      ({ atMs }) => ({ status: atMs < 1000 ? 429 : 200 }),
      plain,
      async (world) => submitSteadily(world, [world.register()], 10, 500),
    )
    const retrying = { retry: { jitter: 0, retryableStatuses: [429] } }
    const { recorded, control, whatIf } = await runAgain(log, plain, retrying)
    expect(recorded.total).toMatchObject({ delivered: 8, failed: 2 })
    expect(control).toEqual(recorded)
    expect(whatIf?.total).toMatchObject({ delivered: 10, failed: 0 })
  })

  test('that was silent is silent for as long as the deadline', async () => {
    const log = await recordLog(
      ({ attempt }) => (attempt === 1 ? { status: 'silent' } : { status: 200 }),
      { ...plain, timeoutMs: 10_000 },
      async (world) => submitSteadily(world, [world.register()], 1, 0),
    )
    const { control, recorded, whatIf } = await runAgain(
      log,
      { ...plain, timeoutMs: 10_000 },
      { ...plain, timeoutMs: 2000 },
    )
    expect(recorded.total.lagMs?.worst).toBe(11_000)
    expect(control).toEqual(recorded)
    // The failure lasts until the next recorded attempt, at 11 s: at 0, 3, 7 and 13 s it is asked.
    expect(whatIf?.total).toMatchObject({ attempts: 4, lagMs: { worst: 13_000 } })
  })

  test('of which nothing is known is counted', async () => {
    const log = await recordLog(
      () => ({ status: 200 }),
      plain,
      ({ service, register }) => {
        const endpointId = register()
        service.pauseEndpoint(endpointId)
        service.submitEvent(endpointId, 'order.paid', {})
      },
    )
    const { recorded, control, unknownEndpoints } = await runAgain(log, plain)
    expect(control).toEqual(recorded)
    expect(recorded.total.unsettled).toBe(1)
    expect(unknownEndpoints).toBe(1)
  })
})

describe('what people did', () => {
  test('is done again: paused, resumed, redelivered, removed', async () => {
    const log = await recordLog(downForAMinute, plain, async (world) => {
      const { service, clock } = world
      const endpointIds = [world.register(), world.register(), world.register()]
      const [paused = '', redelivered = '', removed = ''] = endpointIds
      await submitSteadily(world, endpointIds, 60, 1000)
      service.pauseEndpoint(paused)
      await submitSteadily(world, endpointIds, 60, 1000)
      service.removeEndpoint(removed)
      await clock.advance(5000)
      service.resumeEndpoint(paused)
      service.redeliverDeadLetters(redelivered)
      await submitSteadily(world, [paused, redelivered], 10, 1000)
    })
    const { recorded, control } = await runAgain(log, plain)
    expect(recorded.endpoints.get('ep_2')?.deadLettered).toBe(0)
    expect(recorded.endpoints.get('ep_3')?.failed).toBeGreaterThan(0)
    expect(control).toEqual(recorded)
  })

  test('goes on with an endpoint that was registered again under its id', async () => {
    const briefly: Behaviour = ({ atMs }) => ({ status: atMs >= 3000 && atMs < 6000 ? 500 : 200, afterMs: 20 })
    const log = await recordLog(briefly, plain, async (world) => {
      const endpointId = world.register({ id: 'ep_shop' })
      await submitSteadily(world, [endpointId], 6, 1000)
      world.service.removeEndpoint(endpointId)
      await submitSteadily(world, [world.register({ id: 'ep_shop' })], 3, 1000)
    })
    const { recorded, control } = await runAgain(log, plain)
    expect(recorded.total).toMatchObject({ delivered: 6, failed: 3 })
    expect(control).toEqual(recorded)
  })

  test('leaves alone what another policy has delivered', async () => {
    const log = await recordLog(downForAMinute, plain, async (world) => {
      const endpointId = world.register()
      await submitSteadily(world, [endpointId], 100, 1000)
      await world.clock.advance(30 * minuteMs)
      world.service.redeliverDeadLetters(endpointId)
    })
    const patient = { retry: { jitter: 0, maxAttempts: 10 } }
    const { recorded, whatIf } = await runAgain(log, plain, patient)
    expect(recorded.total.lagMs?.worst).toBeGreaterThan(30 * minuteMs)
    expect(whatIf?.total).toMatchObject({ delivered: 100 })
    expect(whatIf?.total.lagMs?.worst).toBeLessThan(5 * minuteMs)
  })

  test('lets a held line go on', async () => {
    const log = await recordLog(downForAMinute, plain, async (world) => {
      const endpointId = world.register({ whenExhausted: 'halt' })
      await submitSteadily(world, [endpointId], 100, 1000)
      await world.clock.advance(minuteMs)
      world.service.resumeEndpoint(endpointId)
    })
    const { recorded, control } = await runAgain(log, plain)
    expect(recorded.total).toMatchObject({ deadLettered: 1, delivered: 99 })
    expect(control).toEqual(recorded)
  })

  test.each([
    ['gone', 410],
    ['failing', 500],
  ])('an endpoint disabled because it was %s rests until it was resumed', async (_, status) => {
    const log = await recordLog(
      ({ atMs }) => ({ status: atMs >= 10_000 && atMs < minuteMs ? status : 200, afterMs: 5 }),
      { retry: { jitter: 0, initialDelayMs: 2000 } },
      async (world) => {
        const endpointId = world.register({ autoDisable: { afterMs: 5000 } })
        await submitSteadily(world, [endpointId], 15, 1000).catch(() => undefined)
        await world.clock.advance(2 * minuteMs)
        world.service.resumeEndpoint(endpointId)
        await world.clock.advance(500)
        await submitSteadily(world, [endpointId], 5, 1000)
      },
    )
    const { recorded, control } = await runAgain(log, { retry: { jitter: 0, initialDelayMs: 2000 } })
    expect(log).toContain('"endpoint.disabled"')
    expect(control).toEqual(recorded)
  })

  test('an endpoint is disabled when the policy says, if it says so', async () => {
    const log = await recordLog(
      ({ atMs }) => ({ status: atMs < minuteMs ? 500 : 200, afterMs: 5 }),
      plain,
      async (world) => {
        const endpointId = world.register({ autoDisable: { afterMs: 5000 }, retry: { maxAttempts: 20, jitter: 0 } })
        await submitSteadily(world, [endpointId], 1, 30 * minuteMs)
        world.service.resumeEndpoint(endpointId)
      },
    )
    const patient = { endpoint: { autoDisable: { afterMs: 60 * minuteMs }, retry: { maxAttempts: 20, jitter: 0 } } }
    const { recorded, control, whatIf } = await runAgain(log, { endpoint: { retry: patient.endpoint.retry } }, patient)
    expect(control).toEqual(recorded)
    expect(whatIf?.total.attempts).toBeGreaterThan(recorded.total.attempts)
  })
})
