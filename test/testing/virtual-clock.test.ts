import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'

const startAt = '2030-06-01T12:00:00.000Z'
const start = Date.parse(startAt)

describe('a virtual clock', () => {
  it('stands still until it is moved, however often it is read', async () => {
    const clock = createVirtualClock({ startAt })
    for (let i = 0; i < 100; i += 1) clock.now()
    expect([clock.now(), clock.monotonic()]).toEqual([start, 0])
    await clock.advance(1500)
    expect([clock.now(), clock.monotonic()]).toEqual([start + 1500, 1500])
  })

  it('starts at milliseconds since the epoch as well, and by default at a fixed date', () => {
    expect(createVirtualClock({ startAt: 12 }).now()).toBe(12)
    expect(new Date(createVirtualClock().now()).toISOString()).toBe('2025-01-01T00:00:00.000Z')
  })

  it('fires timers in due order, each at its own time and once', async () => {
    const clock = createVirtualClock({ startAt })
    const fired: [string, number, number][] = []
    const set = (name: string, delayMs: number) =>
      clock.setTimeout(() => fired.push([name, clock.now() - start, clock.monotonic()]), delayMs)
    set('c', 300)
    set('a', 100)
    set('later', 301)
    set('b', 200)
    await clock.advance(300)
    expect(fired).toEqual([
      ['a', 100, 100],
      ['b', 200, 200],
      ['c', 300, 300],
    ])
    expect(clock.timers).toBe(1)
  })

  it('fires timers of one moment in the order they were set', async () => {
    const clock = createVirtualClock()
    const fired: number[] = []
    clock.setTimeout(() => {
      fired.push(1)
      clock.setTimeout(() => fired.push(4), 0)
    }, 50)
    clock.setTimeout(() => fired.push(2), 50)
    clock.setTimeout(() => fired.push(3), 50)
    await clock.advance(50)
    expect(fired).toEqual([1, 2, 3, 4])
  })

  it('fires chained timers inside one window, through promises, microtasks and immediates', async () => {
    const clock = createVirtualClock()
    const fired: number[] = []
    const chain = async () => {
      for (let i = 0; i < 3; i += 1) {
        await new Promise<void>((resolve) => clock.setTimeout(resolve, 1000))
        await new Promise<void>((resolve) => {
          queueMicrotask(resolve)
        })
        await new Promise<void>((resolve) => setImmediate(resolve))
        fired.push(clock.monotonic())
      }
    }
    void chain()
    await clock.advance(3000)
    expect(fired).toEqual([1000, 2000, 3000])
  })

  it('lets pending code set its timer before the first step', async () => {
    const clock = createVirtualClock()
    let fired = false
    void Promise.resolve().then(() => clock.setTimeout(() => (fired = true), 10))
    await clock.advance(10)
    expect(fired).toBe(true)
  })

  it('fires what is due now, and nothing else, on advance(0)', async () => {
    const clock = createVirtualClock({ startAt })
    const fired: number[] = []
    clock.setTimeout(() => fired.push(0), 0)
    clock.setTimeout(() => fired.push(1), 1)
    await clock.advance(0)
    expect([fired, clock.now()]).toEqual([[0], start])
  })

  it('forgets a cleared timer, also one cleared by a timer of the same moment', async () => {
    const clock = createVirtualClock()
    const fired: string[] = []
    const early = clock.setTimeout(() => fired.push('early'), 5)
    clock.setTimeout(() => {
      clock.clearTimeout(victim)
    }, 10)
    const victim = clock.setTimeout(() => fired.push('victim'), 10)
    clock.clearTimeout(early)
    expect(clock.timers).toBe(2)
    await clock.advance(100)
    expect([fired, clock.timers]).toEqual([[], 0])
    clock.clearTimeout(victim)
  })

  it('rounds a fraction of a millisecond up, so that no timer is early', async () => {
    const clock = createVirtualClock()
    let firedAt: number | null = null
    clock.setTimeout(() => (firedAt = clock.monotonic()), 333.3)
    await clock.advance(333)
    expect(firedAt).toBeNull()
    await clock.advance(1)
    expect(firedAt).toBe(334)
  })

  it('rethrows what a timer throws, stops there and still works', async () => {
    const clock = createVirtualClock()
    const fired: number[] = []
    clock.setTimeout(() => {
      throw new Error('broken timer')
    }, 10)
    clock.setTimeout(() => fired.push(clock.monotonic()), 20)
    await expect(clock.advance(100)).rejects.toThrow('broken timer')
    expect(clock.monotonic()).toBe(10)
    await clock.advance(10)
    expect(fired).toEqual([20])
  })

  it('carries out moves made at once one after the other', async () => {
    const clock = createVirtualClock()
    const fired: number[] = []
    clock.setTimeout(() => {
      void clock.advance(5)
      clock.setTimeout(() => fired.push(clock.monotonic()), 105)
    }, 100)
    await Promise.all([clock.advance(100), clock.advance(100)])
    expect(fired).toEqual([])
    await clock.advance(0)
    expect([fired, clock.monotonic()]).toEqual([[205], 205])
  })

  it('jumps the wall clock alone', async () => {
    const clock = createVirtualClock({ startAt })
    const fired: number[] = []
    clock.setTimeout(() => fired.push(clock.now() - start), 1000)
    clock.jump(-3_600_000)
    expect([clock.now() - start, clock.monotonic()]).toEqual([-3_600_000, 0])
    await clock.advance(1000)
    expect(fired).toEqual([-3_599_000])
  })

  it('fires timers in order of due time, then of setting, whatever the delays', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 30 }), fc.nat(20), async (delays, windowMs) => {
        const clock = createVirtualClock()
        const fired: [number, number][] = []
        delays.forEach((delayMs, index) => clock.setTimeout(() => fired.push([clock.monotonic(), index]), delayMs))
        await clock.advance(windowMs)
        const expected = delays
          .map((delayMs, index): [number, number] => [delayMs, index])
          .filter(([delayMs]) => delayMs <= windowMs)
          .sort(([a, i], [b, j]) => a - b || i - j)
        expect(fired).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })
})

describe('advanceUntilIdle', () => {
  it('moves until no timer is left and stops at the last', async () => {
    const clock = createVirtualClock()
    clock.setTimeout(() => clock.setTimeout(() => undefined, 86_400_000), 1000)
    await clock.advanceUntilIdle()
    expect([clock.timers, clock.monotonic()]).toEqual([0, 86_401_000])
  })

  it('stops at the limit when timers are left', async () => {
    const clock = createVirtualClock()
    let ticks = 0
    const tick = () => {
      ticks += 1
      clock.setTimeout(tick, 1000)
    }
    tick()
    await clock.advanceUntilIdle({ limitMs: 4500 })
    expect([ticks, clock.timers, clock.monotonic()]).toEqual([5, 1, 4500])
  })

  it('gives up after seven days by default', async () => {
    const clock = createVirtualClock()
    clock.setTimeout(() => undefined, 7 * 86_400_000 + 1)
    await clock.advanceUntilIdle()
    expect([clock.timers, clock.monotonic()]).toEqual([1, 7 * 86_400_000])
  })
})

describe('a virtual clock refuses', () => {
  const clock = createVirtualClock()

  it.each([-1, 0.5, NaN, Infinity])('to move by %s ms', (ms) => {
    expect(() => clock.advance(ms)).toThrow(InvalidOptionError)
    expect(() => clock.advanceUntilIdle({ limitMs: ms })).toThrow(InvalidOptionError)
  })

  it.each([0.5, NaN, Infinity])('to jump by %s ms', (ms) => {
    expect(() => {
      clock.jump(ms)
    }).toThrow(InvalidOptionError)
  })

  it.each([-1, NaN, 2 ** 31])('a delay of %s ms, which a real timer would misread', (delayMs) => {
    expect(() => clock.setTimeout(() => undefined, delayMs)).toThrow(InvalidOptionError)
  })

  it.each(['yesterday', '', NaN, 1e16, 0.5])('to start at %j', (bad) => {
    expect(() => createVirtualClock({ startAt: bad })).toThrow(InvalidOptionError)
  })

  it('an option that there is not', () => {
    const misspelt: object = { startsAt: '2025-01-01T00:00:00.000Z' }
    expect(() => createVirtualClock(misspelt)).toThrow('startsAt is not an option; valid are startAt')
  })

  it('with the place, the value and what is valid', () => {
    expect(() => clock.advance(-1)).toThrow(
      'advance: ms must be a whole number of milliseconds, 0 or more, got -1 (number)',
    )
  })
})

describe('the timers of a virtual clock', () => {
  it('tell when the first runs out', async () => {
    const clock = createVirtualClock()
    expect(clock.nextDueInMs).toBeNull()
    clock.setTimeout(() => undefined, 300)
    clock.setTimeout(() => undefined, 100)
    await clock.advance(40)
    expect(clock.nextDueInMs).toBe(60)
  })

  it('count as keeping alive until they are let go of, cleared or have run out', async () => {
    const clock = createVirtualClock()
    const timers = [10, 20, 30].map((delayMs) => clock.setTimeout(() => undefined, delayMs))
    timers[0]?.unref?.()
    expect([clock.timers, clock.keepingAlive]).toEqual([3, 2])
    timers[0]?.ref?.()
    clock.clearTimeout(timers[1] ?? {})
    expect([clock.timers, clock.keepingAlive]).toEqual([2, 2])
    await clock.advance(10)
    expect([clock.timers, clock.keepingAlive]).toEqual([1, 1])
  })
})
