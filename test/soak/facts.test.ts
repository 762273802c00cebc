import { expect, test } from 'vitest'
import { gatherFacts } from './facts.ts'
import {
  arrival,
  endpoint,
  logOf,
  lost,
  oneEvent,
  plainSteps,
  started,
  submittedAt,
  succeeded,
} from './small-history.ts'

test('puts each request that arrived to its attempt', () => {
  const received = [arrival('evt_1', 1, { status: null }), arrival('evt_1', 2)]
  const facts = oneEvent([submittedAt(1), started(1), lost(1), started(2, 'backoff'), succeeded(2)], received)
  expect(facts.events.get('evt_1')?.attempts.map((attempt) => attempt.received)).toEqual([[received[0]], [received[1]]])
  expect(facts.strays).toEqual([])
})

test('keeps apart what arrived of no attempt in the log', () => {
  const received = [arrival('evt_1', 1), arrival('evt_1', 2), arrival('evt_9', 1)]
  expect(oneEvent(plainSteps, received).strays).toEqual([received[1], received[2]])
})

test.each([
  ['fifo', 'ep_1/'],
  ['none', 'ep_1/evt_1'],
] as const)('with ordering %s the line of an event is %s', (ordering, lane) => {
  const facts = oneEvent(plainSteps, [], { endpoints: [{ ...endpoint(1), ordering }] })
  expect(facts.events.get('evt_1')?.lane).toBe(lane)
})

test('refuses a log of an endpoint nobody registered', () => {
  const records = logOf([['evt_1', 'ep_9', submittedAt(1)]])
  expect(() => gatherFacts({ submitted: [], records, endpoints: [], received: [] })).toThrow('never registered')
})
