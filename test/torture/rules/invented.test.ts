import { expect, test } from 'vitest'
import { submittedAt } from '../../soak/small-history.ts'
import { arrived, evidence, records, submission } from '../small-evidence.ts'
import { checkInvented } from './invented.ts'

test('accepts an event that was submitted', () => {
  expect(checkInvented(evidence())).toEqual([])
})

test('accepts one that nobody was told of', () => {
  expect(checkInvented(evidence({ submissions: [submission({ fate: 'unknown', eventId: null })] }))).toEqual([])
})

test('finds an event that nobody submitted', () => {
  expect(checkInvented(evidence({ submissions: [] }))).toEqual(['evt_1 is in the log, and nobody submitted it'])
})

test('finds an event whose submission was refused', () => {
  const found = checkInvented(evidence({ submissions: [submission({ fate: 'refused', eventId: null })] }))
  expect(found).toEqual(['submission 0 was refused, and is in the log as evt_1'])
})

test('finds two events of one submission', () => {
  const twice = records([
    ['evt_1', submittedAt(1)],
    ['evt_2', submittedAt(2)],
  ])
  expect(checkInvented(evidence({ records: twice, arrivals: [] }))).toEqual([
    'submission 0 made two events: evt_1 and evt_2',
  ])
})

test('finds a request with another body', () => {
  const found = checkInvented(evidence({ arrivals: [arrived('evt_1', 1, { body: '[]' })] }))
  expect(found).toEqual(['evt_1 attempt 1 had another body'])
})

test('finds half of a batch', () => {
  const submissions = [submission({ batch: 7 }), submission({ number: 1, batch: 7, body: '[]', fate: 'unknown' })]
  expect(checkInvented(evidence({ submissions }))).toEqual(['of the 2 events of batch 7 the log has 1'])
})
