import { expect, test } from 'vitest'
import { UsageError } from '../support/number-flags.ts'
import { partNames, readFlags } from './flags.ts'

test('kills 200 times in seven minutes at most, and runs every part', () => {
  const flags = { kills: 200, seconds: 420, seed: 7, fills: 4, flips: 12, losses: 100, driver: null, only: partNames }
  expect(readFlags([], 7)).toEqual(flags)
})

test('takes what is given', () => {
  const given = ['--driver', 'better-sqlite3', '--kills', '3', '--only', 'disk,kills', '--seed', '5']
  expect(readFlags(given, 7)).toMatchObject({ driver: 'better-sqlite3', kills: 3, only: ['kills', 'disk'], seed: 5 })
})

test('gives nothing but help when help is asked for', () => {
  expect(readFlags(['--help'], 7)).toBeNull()
})

test.each([['--driver', 'sqlite3'], ['--driver'], ['--only', 'kill'], ['--kills', '0']])(
  'refuses %s %s',
  (...parameters) => {
    expect(() => readFlags(parameters, 7)).toThrow(UsageError)
  },
)
