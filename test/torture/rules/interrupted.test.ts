import { expect, test } from 'vitest'
import { lost, started, submittedAt, succeeded, type Step } from '../../soak/small-history.ts'
import { evidence, records } from '../small-evidence.ts'
import { checkInterrupted } from './interrupted.ts'

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
const death = { lastSeq: 2, open: [{ eventId: 'evt_1', attempt: 1 }] }

function check(after: readonly Step[]): string[] {
  const steps = [submittedAt(1), started(1), ...after]
  return checkInterrupted(evidence({ deaths: [death], records: records(steps.map((step) => ['evt_1', step])) }))
}

test('accepts an attempt that is recorded as interrupted after the death', () => {
  expect(check([interrupted, started(2, 'backoff'), succeeded(2)])).toEqual([])
})

test.each([
  ['attempt.succeeded', [succeeded(1)]],
  ['attempt.failed', [lost(1)]],
  ['nothing', []],
] as const)('finds one after which comes %s', (next, steps) => {
  expect(check(steps)).toEqual([`evt_1 attempt 1 was in flight at death 1, and what follows is ${next}`])
})
