import { expect, test } from 'vitest'
import { readMoment } from '../../src/recorded/moment.ts'
import { formulaRecords } from '../support/formula-log.ts'
import { openLog } from '../support/log-files.ts'

test.each([
  ['0', { seq: 0 }],
  ['1200', { seq: 1200 }],
  ['2025-01-31', { timeMs: Date.UTC(2025, 0, 31) }],
  ['2025-01-31T09:30', { timeMs: Date.UTC(2025, 0, 31, 9, 30) }],
  ['2025-01-31T09:30:05.250', { timeMs: Date.UTC(2025, 0, 31, 9, 30, 5, 250) }],
  ['2025-01-31T09:30:05Z', { timeMs: Date.UTC(2025, 0, 31, 9, 30, 5) }],
  ['2025-01-31T09:30+02:00', { timeMs: Date.UTC(2025, 0, 31, 7, 30) }],
])('reads %s as a moment', (text, moment) => {
  expect(readMoment(text, '--until')).toEqual(moment)
})

test.each(['', 'yesterday', '-1', '1.5', '12:30', '2025-13-01', '2025-01-31T25:00', '99999999999999999999'])(
  'refuses %j, and says what is valid',
  (text) => {
    expect(() => readMoment(text, '--until')).toThrow(
      "--until must be a record's number such as 1200, or a time such as 2025-01-31T09:30:00Z, got",
    )
  },
)

test('a time means everything before the first record that is later, also where the clock was set back', async () => {
  const times = [0, 10, 5, 20, 15]
  const records = [...formulaRecords(5)].map((record, index) => {
    const at = new Date(times[index]!).toISOString()
    return JSON.stringify({ ...record, at })
  })
  const log = await openLog(records.join('\n'))
  expect([-1, 0, 9, 10, 19, 20].map((timeMs) => log.placeAtTime(timeMs))).toEqual([-1, 0, 0, 2, 2, 4])
})

test('a number between two records means the one before', async () => {
  const records = [...formulaRecords(5)].map((record) => JSON.stringify({ ...record, seq: record.seq * 10 }))
  const log = await openLog(records.join('\n'))
  expect([0, 9, 10, 35, 50, 99].map((seq) => log.stateAt({ seq }).seq)).toEqual([0, 0, 10, 30, 50, 50])
})
