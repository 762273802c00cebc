import { expect, test } from 'vitest'
import { redelivered, submittedAt, succeeded, started } from '../../soak/small-history.ts'
import { evidence, records, submission } from '../small-evidence.ts'
import { checkAcknowledged } from './acknowledged.ts'

test('accepts what is in the log as it was submitted', () => {
  expect(checkAcknowledged(evidence())).toEqual([])
})

test('finds an acknowledged event that is lost', () => {
  const found = checkAcknowledged(evidence({ records: [], arrivals: [] }))
  expect(found).toEqual(['submission 0 was acknowledged as evt_1, and is lost'])
})

test('does not ask for what was never acknowledged', () => {
  const submissions = [submission(), submission({ number: 1, fate: 'unknown', eventId: null })]
  expect(checkAcknowledged(evidence({ submissions }))).toEqual([])
})

test('finds another body and another endpoint', () => {
  const found = checkAcknowledged(evidence({ submissions: [submission({ body: '[]', endpoint: 3 })] }))
  expect(found).toEqual([
    'the log has another body for submission 0 (evt_1)',
    'submission 0 to endpoint 3 is in the log as one to 0',
  ])
})

test('finds an id that was given to two submissions', () => {
  const found = checkAcknowledged(evidence({ submissions: [submission(), submission({ number: 1 })] }))
  expect(found).toEqual(['submissions 0 and 1 were both acknowledged as evt_1'])
})

test('finds a redelivery that was acknowledged and is lost', () => {
  const lost = evidence({ redelivered: new Set(['evt_1']) })
  expect(checkAcknowledged(lost)).toEqual(['the redelivery of evt_1 was acknowledged, and is lost'])
  const steps = [submittedAt(1), started(1), succeeded(1), redelivered('delivered')]
  const kept = evidence({ redelivered: new Set(['evt_1']), records: records(steps.map((step) => ['evt_1', step])) })
  expect(checkAcknowledged(kept)).toEqual([])
})
