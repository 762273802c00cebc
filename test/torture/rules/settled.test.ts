import { expect, test } from 'vitest'
import type { Step } from '../../soak/small-history.ts'
import { lost, started, steppedAside, submittedAt } from '../../soak/small-history.ts'
import { evidence, records } from '../small-evidence.ts'
import { checkSettled } from './settled.ts'

function check(steps: readonly Step[]): string[] {
  return checkSettled(evidence({ records: records(steps.map((step) => ['evt_1', step])), arrivals: [] }))
}

const interrupted: Step = {
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

test('accepts a delivered event', () => {
  expect(checkSettled(evidence())).toEqual([])
})

test('finds an event that has not settled', () => {
  expect(check([submittedAt(1)])).toEqual(['evt_1 of ep_torture_0 is still pending'])
})

test('accepts a dead letter whose attempts are used up', () => {
  const steps = [started(1), lost(1), started(2, 'backoff'), lost(2), started(3, 'backoff'), steppedAside(3)]
  expect(check([submittedAt(1), ...steps])).toEqual([])
})

test('finds a dead letter that a kill cost an attempt', () => {
  const steps = [started(1), interrupted, started(2, 'backoff'), lost(2), started(3, 'backoff'), steppedAside(3)]
  expect(check([submittedAt(1), ...steps])).toEqual(['evt_1 of ep_torture_0 is a dead letter after 2 of 3 attempts'])
})

test('finds an event that failed without having been refused', () => {
  const steps = [started(1), { ...lost(1), to: 'failed' } as const]
  expect(check([submittedAt(1), ...steps])).toEqual([
    'evt_1 of ep_torture_0 failed, and its endpoint had not refused it',
  ])
})
