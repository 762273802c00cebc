import { expect, test } from 'vitest'
import { formatScale } from '../../../src/inspect/page/text/format-time.ts'

test('a scale of seconds and more shows seconds', () => {
  expect(formatScale(['2025-01-31T09:30:00.100Z', '2025-01-31T09:30:07.000Z'])).toEqual(['09:30:00', '09:30:07'])
})

test('a scale within a second tells its moments apart', () => {
  expect(formatScale(['2025-01-31T09:30:00.100Z', '2025-01-31T09:30:00.350Z'])).toEqual([
    '09:30:00.100',
    '09:30:00.350',
  ])
})

test('a scale over midnight shows the day', () => {
  expect(formatScale(['2025-01-31T23:30:00.000Z', '2025-02-01T00:30:00.000Z'])).toEqual(['01-31 23:30', '02-01 00:30'])
})
