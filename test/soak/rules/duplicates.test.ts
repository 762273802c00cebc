import { expect, test } from 'vitest'
import { arrival, lost, oneEvent, plainSteps, redelivered, started, submittedAt, succeeded } from '../small-history.ts'
import { checkDuplicates, countDuplicates } from './duplicates.ts'

const again = [started(2, 'backoff'), succeeded(2)]
const both = [arrival('evt_1', 1), arrival('evt_1', 2)]

test('accepts one more acceptance for an attempt with an unknown end, and counts it', () => {
  const facts = oneEvent([submittedAt(1), started(1), lost(1), ...again], both)
  expect(checkDuplicates(facts)).toEqual([])
  expect(countDuplicates(facts)).toBe(1)
})

test('a redelivery of what was delivered is no duplicate', () => {
  const facts = oneEvent([...plainSteps, redelivered('delivered'), started(2), succeeded(2)], both)
  expect(checkDuplicates(facts)).toEqual([])
  expect(countDuplicates(facts)).toBe(0)
})

test('finds an event accepted more often than anything accounts for', () => {
  const facts = oneEvent(plainSteps, [arrival('evt_1', 1), arrival('evt_1', 1)])
  expect(checkDuplicates(facts)).toEqual(['evt_1 was accepted 2 times, with 1 deliveries and 0 unknown ends'])
})
