import { expect, test } from 'vitest'
import { defaultFlags as ofSimulation } from '../simulation/flags.ts'
import { defaultFlags as ofSoak } from '../soak/flags.ts'
import { readNumberFlags, UsageError } from './number-flags.ts'

const soak = { ...ofSoak(42) }

test('has a default for each flag: of the soak two minutes, of the simulation 2,000 seeds in five', () => {
  expect(readNumberFlags([], soak)).toEqual({ seconds: 120, seed: 42, endpoints: 200, rate: 250 })
  expect(readNumberFlags([], { ...ofSimulation(7) })).toEqual({ seeds: 2000, from: 7, seconds: 300 })
})

test('takes what is given', () => {
  const flags = ['--seconds', '10', '--seed', '7', '--rate', '1', '--endpoints', '2']
  expect(readNumberFlags(flags, soak)).toEqual({ seconds: 10, seed: 7, endpoints: 2, rate: 1 })
})

test('gives nothing but help when help is asked for', () => {
  expect(readNumberFlags(['--help'], soak)).toBeNull()
})

test.each([['--seconds', '0'], ['--seed', 'x'], ['--rate', '1.5'], ['--seconds'], ['--unknown', '1'], ['stray']])(
  'refuses %s %s',
  (...parameters) => {
    expect(() => readNumberFlags(parameters, soak)).toThrow(UsageError)
  },
)
