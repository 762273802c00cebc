import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TokenBucket } from '../../src/endpoint/token-bucket.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'

describe('a token bucket', () => {
  test('lets a burst go, then one for each token that comes back', async () => {
    const clock = createVirtualClock()
    const bucket = new TokenBucket({ perSecond: 2, burst: 3 }, clock)
    expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, true, false])
    expect(bucket.waitMs).toBe(500)
    await clock.advance(250)
    expect([bucket.take(), bucket.waitMs]).toEqual([false, 250])
    await clock.advance(250)
    expect([bucket.waitMs, bucket.take(), bucket.take()]).toEqual([0, true, false])
  })

  test('holds no more than its burst, however long it was quiet', async () => {
    const clock = createVirtualClock()
    const bucket = new TokenBucket({ perSecond: 1000, burst: 2 }, clock)
    await clock.advance(86_400_000)
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false])
  })

  test('takes back a token', () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, createVirtualClock())
    expect([bucket.take(), bucket.waitMs]).toEqual([true, 1000])
    bucket.giveBack()
    expect(bucket.waitMs).toBe(0)
  })

  test('takes no notice of the wall clock', () => {
    const clock = createVirtualClock()
    const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, clock)
    bucket.take()
    clock.jump(3_600_000)
    expect(bucket.take()).toBe(false)
    clock.jump(-7_200_000)
    expect(bucket.waitMs).toBe(1000)
  })

  test('has a token after the wait it names, and in no span gives more than burst and rate allow', async () => {
    const anyLimit = fc.record({
      perSecond: fc.double({ min: 0.1, max: 2000, noNaN: true }),
      burst: fc.integer({ min: 1, max: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(anyLimit, fc.array(fc.nat(3000), { maxLength: 20 }), async (limit, waits) => {
        const clock = createVirtualClock()
        const bucket = new TokenBucket(limit, clock)
        let taken = 0
        for (const waitMs of waits) {
          await clock.advance(waitMs)
          for (let asked = 0; asked < limit.burst + 1; asked += 1) if (bucket.take()) taken += 1
          expect(taken).toBeLessThanOrEqual(limit.burst + (clock.monotonic() / 1000) * limit.perSecond + 1e-6)
        }
        await clock.advance(bucket.waitMs)
        expect(bucket.take()).toBe(true)
      }),
      { numRuns: 50 },
    )
  })
})
