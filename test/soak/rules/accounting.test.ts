import { expect, test } from 'vitest'
import { arrival, oneEvent, plainSteps, started, submittedAt } from '../small-history.ts'
import { checkAccounting } from './accounting.ts'

const arrived = [arrival('evt_1', 1)]

test('accepts a run in which every submitted event settled', () => {
  expect(checkAccounting(oneEvent(plainSteps, arrived))).toEqual([])
})

test('finds an event that was submitted and is in no log', () => {
  const facts = oneEvent(plainSteps, arrived, { submitted: ['evt_1', 'evt_2'] })
  expect(checkAccounting(facts)).toEqual(['evt_2 was submitted and is lost'])
})

test('finds an event that nobody submitted', () => {
  expect(checkAccounting(oneEvent(plainSteps, arrived, { submitted: [] }))).toEqual(['evt_1 was never submitted'])
})

test('finds an id given twice', () => {
  const facts = oneEvent(plainSteps, arrived, { submitted: ['evt_1', 'evt_1'] })
  expect(checkAccounting(facts)).toEqual(['1 ids were given to more than one submission'])
})

test('finds an event that has not settled', () => {
  expect(checkAccounting(oneEvent([submittedAt(1), started(1)], arrived))).toEqual([
    'evt_1 of ep_1 is still delivering',
  ])
})
