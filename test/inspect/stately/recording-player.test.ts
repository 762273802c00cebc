import { expect, test } from 'vitest'
import { RecordingPlayer, longestPauseMs } from '../../../src/inspect/stately/recording-player.ts'
import { createVirtualClock } from '../../../src/testing/virtual-clock.ts'

/** Plays records of these times, and says when each was shown. */
function play(times: readonly number[], speed: number) {
  const clock = createVirtualClock()
  const shown: number[] = []
  const player = new RecordingPlayer({
    recording: { length: times.length, timeAt: (place) => times[place]! },
    speed,
    clock,
    show: () => shown.push(clock.monotonic()),
  })
  return { clock, shown, player }
}

test.each([
  [1, [0, 100, 100, 1100]],
  [2, [0, 50, 50, 550]],
  [0.5, [0, 200, 200, 2200]],
  [Infinity, [0, 0, 0, 0]],
])('plays at %s times the recorded speed', async (speed, expected) => {
  const { clock, shown, player } = play([5000, 5100, 5100, 6100], speed)
  player.start()
  await clock.advanceUntilIdle()
  expect(shown).toEqual(expected)
})

test('shortens pauses in which nothing happens', async () => {
  const { clock, shown, player } = play([0, 3_600_000, 3_600_001], 1)
  player.start()
  await clock.advanceUntilIdle()
  expect(shown).toEqual([0, longestPauseMs, longestPauseMs + 1])
})

test('goes on at once where the recorded clock was set back', async () => {
  const { clock, shown, player } = play([5000, 1000, 1010], 1)
  player.start()
  await clock.advanceUntilIdle()
  expect(shown).toEqual([0, 0, 10])
})

test('plays once, however often it is started', async () => {
  const { clock, shown, player } = play([0, 10], 1)
  player.start()
  player.start()
  await clock.advanceUntilIdle()
  player.start()
  await clock.advanceUntilIdle()
  expect(shown).toHaveLength(2)
})

test('stops in the middle, and leaves no timer behind', async () => {
  const { clock, shown, player } = play([0, 1000, 2000], 1)
  player.start()
  await clock.advance(1500)
  player.stop()
  expect(clock.timers).toBe(0)
  await clock.advance(5000)
  expect(shown).toHaveLength(2)
})
