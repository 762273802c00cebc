import { expect, test } from 'vitest'
import { Dice } from './dice.ts'

const draws = (dice: Dice): number[] => Array.from({ length: 5 }, () => dice.whole(1, 1_000_000))

test('the same seed and names draw the same, others draw otherwise', () => {
  expect(draws(new Dice(7, 'request', 'evt_1', 2))).toEqual(draws(new Dice(7, 'request', 'evt_1', 2)))
  expect(draws(new Dice(7, 'request', 'evt_1', 2))).not.toEqual(draws(new Dice(7, 'request', 'evt_1', 3)))
  expect(draws(new Dice(7, 'request', 'evt_1', 2))).not.toEqual(draws(new Dice(8, 'request', 'evt_1', 2)))
})

test('a key is drawn as often as it weighs, and never with no weight', () => {
  const dice = new Dice(1)
  const counts = { often: 0, seldom: 0, never: 0 }
  for (let times = 0; times < 4_000; times++) counts[dice.weighted({ often: 3, seldom: 1, never: 0 })]++
  expect(counts.never).toBe(0)
  expect(counts.often / counts.seldom).toBeCloseTo(3, 0)
})
