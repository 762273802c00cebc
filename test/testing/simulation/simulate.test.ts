import { expect, test } from 'vitest'
import { InvalidOptionError, simulate, type SimulationOptions } from '../../../src/testing/index.ts'
import { describeFailure } from '../../simulation/describe-failure.ts'
import { failingSeeds } from '../../simulation/failing-seeds.ts'

const seeds = Array.from({ length: 30 }, (_, index) => index + 1)

test('every promise is kept, whatever the seed', { timeout: 60_000 }, async () => {
  for (const seed of seeds) {
    const report = await simulate({ seed })
    expect(report.ok, describeFailure(report)).toBe(true)
  }
})

test.each(failingSeeds)('seed $seed passes again: $why', async ({ seed }) => {
  const report = await simulate({ seed })
  expect(report.ok, describeFailure(report)).toBe(true)
})

test('the same seed gives the same run to the byte, and another seed another', { timeout: 60_000 }, async () => {
  const fingerprints = new Set<string>()
  for (const seed of seeds.slice(0, 10)) {
    const { fingerprint, log } = await simulate({ seed })
    const again = await simulate({ seed })
    expect(again.fingerprint).toBe(fingerprint)
    expect(again.log).toEqual(log)
    fingerprints.add(fingerprint)
  }
  expect(fingerprints.size).toBe(10)
})

test('without faults each event is one request, and none comes twice', { timeout: 60_000 }, async () => {
  for (const seed of seeds.slice(0, 10)) {
    const report = await simulate({
      seed,
      endpoints: [{}, { latencyMs: { p50: 20, p99: 400 }, options: { ordering: 'key' } }],
      events: 40,
      faults: 'none',
      service: {},
      operations: false,
    })
    expect(report.violations).toEqual([])
    expect(report.requests).toBe(report.events)
    expect(report.delivered).toBe(report.events)
    expect(report.duplicates).toBe(0)
  }
})

test('a wall clock that jumps changes neither order nor counts', { timeout: 60_000 }, async () => {
  const ordinary = { crashesBeforeAppend: 0, crashesAfterAppend: 0, crashesAfterSend: 0, crashesAtRest: 0 }
  // An answer that the log took late is due by the wall clock, since the log holds nothing else.
  const faults = { ...ordinary, appendFailures: 0 }
  // An overlap of secrets ends, and a date in Retry-After is, by the wall clock. Neither has to do with the order.
  const options = (seed: number, clockJumps: number): SimulationOptions => ({
    seed,
    endpoints: [
      { failureRate: 0.4, hangRate: 0.1 },
      { failureRate: 0.2, options: { ordering: 'key' } },
    ],
    faults: { ...faults, clockJumps },
  })
  const sequence = async (seed: number, clockJumps: number) => {
    const { log, faults: counts } = await simulate(options(seed, clockJumps))
    return { jumps: counts.clockJumps, steps: log.map(({ eventId, event, to }) => `${eventId} ${event.type} ${to}`) }
  }
  let jumps = 0
  for (const seed of seeds.slice(0, 10)) {
    const [still, jumping] = [await sequence(seed, 0), await sequence(seed, 1)]
    expect(jumping.steps).toEqual(still.steps)
    jumps += jumping.jumps
  }
  expect(jumps).toBeGreaterThan(5)
})

test('an endpoint behaves as described', async () => {
  const report = await simulate({
    seed: 1,
    endpoints: [{ failureRate: 1, failureStatuses: [503], options: { retry: { maxAttempts: 2 } } }],
    events: 5,
    durationMs: 600_000,
    faults: 'none',
    service: {},
    operations: false,
  })
  // The last one is the simulation's own: it is submitted when the world is healed.
  expect(report).toMatchObject({ ok: true, deadLettered: report.events - 1, delivered: 1, duplicates: 0 })
  expect(report.attempts).toBe(2 * (report.events - 1) + 1)
})

test.each<[string, object, string]>([
  ['no seed', {}, 'seed must be a whole number from 0'],
  ['a broken seed', { seed: 1.5 }, 'seed must be a whole number from 0'],
  ['a misspelt option', { seed: 1, fault: {} }, 'fault is not an option'],
  ['a rate above 1', { seed: 1, faults: { lostAnswers: 2 } }, 'faults.lostAnswers must be a number from 0 to 1'],
  ['an endpoint that is none', { seed: 1, endpoints: [5] }, 'endpoints[0] must be a plain object'],
  ['no endpoint at all', { seed: 1, endpoints: [] }, 'endpoints must be an array of 1 to 100'],
  ['a latency backwards', { seed: 1, endpoints: [{ latencyMs: { p50: 5, p99: 1 } }] }, 'endpoints[0].latencyMs.p99'],
  ['a port', { seed: 1, service: { clock: {} } }, 'service.clock is the simulation’s own'],
  ['a service option that is none', { seed: 1, service: { retries: 1 } }, 'retries is not an option'],
  ['an endpoint option that is none', { seed: 1, endpoints: [{ options: { order: 1 } }] }, 'order is not an option'],
])('refuses %s', async (_, options, message) => {
  // What callers without types may pass.
  const refused = simulate(options as unknown as SimulationOptions)
  await expect(refused).rejects.toThrow(InvalidOptionError)
  await expect(refused).rejects.toThrow(message)
})
