import { expect, test } from 'vitest'
import { SteadyClock } from '../../src/clock/steady-clock.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import { startEngine } from '../support/start-engine.ts'

/** A clock whose monotonic time can be set back, as one made of the wall clock is. */
function createLooseClock() {
  const clock = createVirtualClock()
  let setBackMs = 0
  return {
    clock,
    setBack: (ms: number) => (setBackMs += ms),
    loose: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic() - setBackMs,
      setTimeout: (callback: () => void, delayMs: number) => clock.setTimeout(callback, delayMs),
      clearTimeout: (timer: object) => clock.clearTimeout(timer),
    },
  }
}

test('monotonic time that is set back goes on from where it was', async () => {
  const { clock, setBack, loose } = createLooseClock()
  const steady = new SteadyClock(loose)
  const readings = []
  for (const ms of [0, 3_600_000, 0, 50]) {
    await clock.advance(100)
    setBack(ms)
    readings.push(steady.monotonic())
  }
  expect(readings).toEqual([100, 100, 200, 250])
})

test.each([NaN, Infinity, -Infinity])('a monotonic reading of %d is passed over', async (reading) => {
  const clock = createVirtualClock()
  const steady = new SteadyClock({
    ...createLooseClock().loose,
    monotonic: () => (reads === 2 ? reading : clock.monotonic()),
  })
  let reads = 0
  const readings = []
  for (reads = 1; reads <= 3; reads += 1) {
    await clock.advance(100)
    readings.push(steady.monotonic())
  }
  expect(readings).toEqual([100, 100, 300])
})

test('what waits for a rate limit does not wait for a time again that was set back', async () => {
  const { clock, setBack, loose } = createLooseClock()
  const { service, register } = startEngine({ clock: loose })
  const endpoint = register({ rateLimit: { perSecond: 1, burst: 1 } })
  for (const n of [1, 2, 3]) service.submitEvent(endpoint, 'a.b', { n })
  await clock.advance(500)
  setBack(3_600_000)
  await clock.advance(3000)
  expect(service.stats().events.delivered).toBe(3)
})
