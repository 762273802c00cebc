import { expect, it } from 'vitest'
import { seededRandom } from '../../../examples/demo/seeded-random.ts'
import { startDemo, type DemoOptions } from '../../../examples/demo/start-demo.ts'
import { verdictOn } from '../../../examples/demo/verdict.ts'

const options: DemoOptions = {
  shops: 2,
  eventsPerShop: 9,
  random: seededRandom(1),
  failRate: 0.3,
  hangRate: 0.05,
  signal: new AbortController().signal,
  limitMs: 9_000,
}

it('delivers every event in order to shops that fail and hang', async () => {
  const demo = await startDemo(options)
  await demo.over
  const result = await demo.stop()
  expect(verdictOn(result).filter(({ kept }) => !kept)).toEqual([])
  expect(result).toMatchObject({ submitted: 18, delivered: 18, deadLetters: 0 })
  expect(result.retries).toBeGreaterThan(0)
  expect(result.records).toBe(18 + 2 * (18 + result.retries))
})

it('is over when the time is up, and says what was not delivered', async () => {
  const demo = await startDemo({ ...options, failRate: 1, hangRate: 0, limitMs: 50 })
  await demo.over
  const result = await demo.stop()
  expect(verdictOn(result)[0]).toEqual({ what: 'events delivered', got: '0 of 18', kept: false })
})

it('is over when it is told to end', async () => {
  const demo = await startDemo({ ...options, hangRate: 0.7, signal: AbortSignal.abort() })
  await demo.over
  expect(await demo.stop()).toMatchObject({ submitted: 18, delivered: 0 })
})
