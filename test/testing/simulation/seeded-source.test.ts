import { expect, test } from 'vitest'
import { SeededSource } from '../../../src/testing/simulation/seeded-source.ts'

function draws(source: SeededSource, count: number): number[] {
  return Array.from({ length: count }, () => source.next())
}

test('draws the same numbers from the same seed', () => {
  expect(draws(new SeededSource(7), 5)).toEqual(draws(new SeededSource(7), 5))
  expect(draws(new SeededSource(7), 5)).not.toEqual(draws(new SeededSource(8), 5))
})

test('a stream is not moved by what is drawn elsewhere', () => {
  const source = new SeededSource(7)
  const before = draws(source.stream('network'), 5)
  draws(source, 3)
  draws(source.stream('fate'), 3)
  expect(draws(source.stream('network'), 5)).toEqual(before)
  expect(draws(source.stream('network').stream(1), 5)).not.toEqual(before)
})

test('spreads evenly', () => {
  const all = draws(new SeededSource(1), 20_000)
  for (const share of [0.1, 0.5, 0.9]) {
    expect(all.filter((number) => number < share).length / all.length).toBeCloseTo(share, 1)
  }
})

test('first draws of neighbouring seeds have nothing to do with each other', () => {
  const firsts = Array.from({ length: 2000 }, (_, seed) => new SeededSource(seed, 'x').next())
  expect(firsts.filter((number) => number < 0.5).length / firsts.length).toBeCloseTo(0.5, 1)
})

test('a log-normal latency has the median and the 99th percentile it was given', () => {
  const source = new SeededSource(1)
  const all = Array.from({ length: 20_000 }, () => source.logNormal(50, 400)).sort((one, other) => one - other)
  expect(all[10_000]! / 50).toBeCloseTo(1, 1)
  expect(all[19_800]! / 400).toBeCloseTo(1, 0)
  expect(source.logNormal(0, 0)).toBe(0)
})
