import { expect, test } from 'vitest'
import { durationText } from '../../src/cli/duration-text.ts'

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [12_345, '12.3 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min'],
  [250_400, '4 min 10 s'],
  [3_599_600, '1 h'],
  [7_380_000, '2 h 3 min'],
  [86_399_000, '1 d'],
  [273_600_000, '3 d 4 h'],
  [-1500, '-1.5 s'],
])('%d ms read %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})
