import { expect, test } from 'vitest'
import { readFlags, UsageError } from './flags.ts'

test('has a default for each flag', () => {
  expect(readFlags([], 7)).toEqual({ seeds: 2000, from: 7, seconds: 300 })
})

test('reads each flag', () => {
  const flags = ['--seeds', '3', '--from', '12', '--seconds', '9']
  expect(readFlags(flags, 7)).toEqual({ seeds: 3, from: 12, seconds: 9 })
})

test('gives nothing but help when help is asked for', () => {
  expect(readFlags(['--help'], 7)).toBeNull()
})

test.each([[['--seed', '3']], [['--seeds', '0']], [['--from', 'x']], [['7']]])('refuses %s', (flags) => {
  expect(() => readFlags(flags, 7)).toThrow(UsageError)
})
