import { expect, test } from 'vitest'
import { lost, started, submittedAt, succeeded, type Step } from '../../soak/small-history.ts'
import { arrived, evidence, records } from '../small-evidence.ts'
import { checkDuplicatesByKills, countUnnoticed } from './duplicates-by-kills.ts'

const cutOff: Step = {
  from: 'delivering',
  to: 'backoff',
  event: {
    type: 'attempt.interrupted',
    attempt: 1,
    at: '2026-01-01T00:00:00.100Z',
    failure: { reason: 'aborted', message: 'aborted', reach: 'unknown' },
    durationMs: 0,
  },
}

function acceptedTwice(
  firstEnd: Step,
  deaths: readonly { lastSeq: number; open: { eventId: string; attempt: number }[] }[],
) {
  const steps = [submittedAt(1), started(1), firstEnd, started(2, 'backoff'), succeeded(2)]
  return evidence({
    deaths,
    records: records(steps.map((step) => ['evt_1', step])),
    arrivals: [arrived('evt_1', 1), arrived('evt_1', 2)],
  })
}

const death = { lastSeq: 2, open: [{ eventId: 'evt_1', attempt: 1 }] }

test('accepts a duplicate of a request that a kill cut off', () => {
  const facts = acceptedTwice(cutOff, [death])
  expect(checkDuplicatesByKills(facts)).toEqual([])
  expect(countUnnoticed(facts)).toEqual({ 'attempt.interrupted (aborted)': 1 })
})

test('accepts one whose answer came too late', () => {
  expect(checkDuplicatesByKills(acceptedTwice(lost(1), []))).toEqual([])
})

test('finds one that was not in flight at any kill', () => {
  const wrong = ['evt_1 attempt 1 was accepted, and the log does not say so']
  expect(checkDuplicatesByKills(acceptedTwice(cutOff, []))).toEqual(wrong)
  expect(checkDuplicatesByKills(acceptedTwice(cutOff, [{ ...death, open: [] }]))).toEqual(wrong)
})
