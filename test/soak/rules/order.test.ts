import { describe, expect, test } from 'vitest'
import { gatherFacts, type Facts } from '../facts.ts'
import {
  arrival,
  endpoint,
  logOf,
  redelivered,
  started,
  steppedAside,
  submittedAt,
  succeeded,
  type Step,
} from '../small-history.ts'
import { checkArrivalOrder } from './arrival-order.ts'
import { checkOrder } from './order.ts'

/** Two events of one line, by their places, and the order in which the receiver accepted them. */
function twoEvents(steps: readonly (readonly [1 | 2, Step])[], accepted: readonly number[] = []): Facts {
  const named = steps.map(([place, step]) => [`evt_${place}`, 'ep_1', step] as const)
  return gatherFacts({
    submitted: ['evt_1', 'evt_2'],
    records: logOf([['evt_1', 'ep_1', submittedAt(1)], ['evt_2', 'ep_1', submittedAt(2)], ...named]),
    endpoints: [endpoint(1)],
    received: accepted.map((sequence) => arrival(`evt_${sequence}`, 1, { sequence })),
  })
}

const inOrder = [
  [1, started(1)],
  [1, succeeded(1)],
  [2, started(1)],
  [2, succeeded(1)],
] as const
const outOfOrder = [...inOrder.slice(2), ...inOrder.slice(0, 2)]
const firstAside = [
  [1, started(1)],
  [1, steppedAside(1)],
  ...inOrder.slice(2),
  [1, redelivered('deadLettered')],
  [1, started(2)],
  [1, succeeded(2)],
] as const

describe('in the log', () => {
  test('accepts a line delivered in the order of its places', () => {
    expect(checkOrder(twoEvents(inOrder))).toEqual([])
  })

  test('accepts one that stepped aside and was redelivered behind the others', () => {
    expect(checkOrder(twoEvents(firstAside))).toEqual([])
  })

  test('finds an event delivered after one with a later place', () => {
    expect(checkOrder(twoEvents(outOfOrder))).toEqual(['evt_1, place 1, was delivered after place 2'])
  })

  test('finds two of one line under way at once', () => {
    const steps = [inOrder[0], inOrder[2], inOrder[1], inOrder[3]]
    expect(checkOrder(twoEvents(steps))).toEqual(['evt_2 was tried while evt_1 of its line was under way'])
  })
})

describe('at the receivers', () => {
  test('accepts the order of the places', () => {
    expect(checkArrivalOrder(twoEvents(inOrder, [1, 2]))).toEqual([])
  })

  test('accepts a later place before one that stepped aside', () => {
    expect(checkArrivalOrder(twoEvents(firstAside, [2, 1]))).toEqual([])
  })

  test('finds a later place accepted first', () => {
    expect(checkArrivalOrder(twoEvents(inOrder, [2, 1]))).toEqual(['evt_1, place 1, arrived after place 2'])
  })
})
