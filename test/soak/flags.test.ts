import { expect, test } from 'vitest'
import { readFlags, UsageError } from './flags.ts'

test('without flags it is two minutes with a seed of its own', () => {
  expect(readFlags([], 42)).toEqual({ seconds: 120, seed: 42, endpoints: 200, rate: 250 })
})

test('takes a seed that was printed before', () => {
  expect(readFlags(['--seconds', '10', '--seed', '7'], 42)).toMatchObject({ seconds: 10, seed: 7 })
})

test.each([['--seconds', '0'], ['--seed', 'x'], ['--rate', '1.5'], ['--unknown', '1'], ['stray']])(
  'refuses %s %s',
  (...parameters) => {
    expect(() => readFlags(parameters, 42)).toThrow(UsageError)
  },
)
