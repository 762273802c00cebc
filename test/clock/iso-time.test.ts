import { expect, test } from 'vitest'
import { isoTime } from '../../src/clock/iso-time.ts'

test('writes a time in UTC, fractions of a millisecond cut off', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z')
  expect(isoTime(1_735_689_600_000.9)).toBe('2025-01-01T00:00:00.000Z')
  expect(isoTime(-0.5)).toBe('1969-12-31T23:59:59.999Z')
})

test('gives the same text for the same millisecond, also with others between', () => {
  expect([isoTime(1), isoTime(2), isoTime(1.5), isoTime(1)]).toEqual([
    '1970-01-01T00:00:00.001Z',
    '1970-01-01T00:00:00.002Z',
    '1970-01-01T00:00:00.001Z',
    '1970-01-01T00:00:00.001Z',
  ])
})
