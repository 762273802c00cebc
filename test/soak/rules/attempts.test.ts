import { describe, expect, test } from 'vitest'
import { arrival, lost, oneEvent, plainSteps, started, startedAtMs, submittedAt, succeeded } from '../small-history.ts'
import { checkAttempts } from './attempts.ts'

test('accepts attempts one after the other, each arrived once or never', () => {
  const steps = [submittedAt(1), started(1), lost(1), started(2, 'backoff'), succeeded(2)]
  expect(checkAttempts(oneEvent(steps, [arrival('evt_1', 2)]))).toEqual([])
})

describe('finds', () => {
  test.each([
    ['a gap in the numbers', [submittedAt(1), started(2), succeeded(2)], 'evt_1 attempt 2 came after 0'],
    ['two at once', [submittedAt(1), started(1), started(2), succeeded(2)], 'evt_1 attempt 2 began before 1 had ended'],
    ['one that never ended', [submittedAt(1), started(1)], 'evt_1 attempt 1 never ended'],
    ['an end without a beginning', [submittedAt(1), succeeded(1)], 'evt_1 attempt 1 ended out of turn'],
  ])('%s', (_name, steps, text) => {
    expect(checkAttempts(oneEvent(steps, []))).toContain(text)
  })

  test.each([
    ['a request the log does not know', arrival('evt_1', 2), 'evt_1 attempt 2 arrived and is not in the log'],
    [
      'one at another endpoint',
      arrival('evt_1', 1, { endpoint: 2 }),
      'evt_1 attempt 1 is endpoint 1’s and arrived at 2',
    ],
    ['another place number', arrival('evt_1', 1, { sequence: 7 }), 'evt_1 attempt 1 has place 1 and said 7'],
    [
      'one that was sent before it was logged',
      arrival('evt_1', 1, { at: startedAtMs - 10 }),
      'evt_1 attempt 1 arrived before the log knew of it',
    ],
  ])('%s', (_name, received, text) => {
    expect(checkAttempts(oneEvent(plainSteps, [received]))).toEqual([text])
  })

  test('one request sent twice', () => {
    const twice = [arrival('evt_1', 1), arrival('evt_1', 1)]
    expect(checkAttempts(oneEvent(plainSteps, twice))).toEqual(['evt_1 attempt 1 arrived 2 times'])
  })
})
