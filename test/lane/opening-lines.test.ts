import { expect, test } from 'vitest'
import type { Clock } from '../../src/clock/clock.ts'
import { Scheduler } from '../../src/clock/scheduler.ts'
import { OpeningLines } from '../../src/lane/opening-lines.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'

/** Lines each of which takes 4 ms to open. */
function createSlowLines(count: number) {
  const virtual = createVirtualClock()
  let spentMs = 0
  const clock: Clock = {
    now: () => virtual.now(),
    monotonic: () => virtual.monotonic() + spentMs,
    setTimeout: (callback, ms) => virtual.setTimeout(callback, ms),
    clearTimeout: (timer) => virtual.clearTimeout(timer),
  }
  const opened: number[] = []
  const opening = new OpeningLines(new Scheduler(clock), clock)
  for (let line = 0; line < count; line += 1) {
    opening.add({
      takeIn() {
        spentMs += 4
        opened.push(line)
      },
    })
  }
  return { opening, opened, clock: virtual }
}

test('opens lines in order, and lets go of the process every few milliseconds', async () => {
  const { opening, opened, clock } = createSlowLines(7)
  expect(opened).toEqual([])
  opening.due()
  expect(opened).toEqual([0, 1, 2])
  expect(opening.size).toBe(4)
  await clock.advance(20)
  expect(opened).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(opening.size).toBe(0)
})

test('opens nothing once it is closed', async () => {
  const { opening, opened, clock } = createSlowLines(2)
  opening.close()
  await clock.advance(20)
  expect(opened).toEqual([])
})
