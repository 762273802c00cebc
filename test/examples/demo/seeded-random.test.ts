import { expect, it } from 'vitest'
import { seededRandom } from '../../../examples/demo/seeded-random.ts'

function draw(seed: number, count: number): number[] {
  return Array.from({ length: count }, seededRandom(seed))
}

it('gives the same numbers for the same seed, and others for another', () => {
  expect(draw(7, 5)).toEqual(draw(7, 5))
  expect(draw(7, 5)).not.toEqual(draw(8, 5))
})

it('spreads its numbers evenly from 0 to 1', () => {
  const tenths = new Array<number>(10).fill(0)
  for (const number of draw(1, 10_000)) tenths[Math.floor(number * 10)]! += 1
  expect(tenths).toHaveLength(10)
  for (const count of tenths) expect(count).toBeGreaterThan(850)
})
