import { expect, test } from 'vitest'
import { EndpointHistory } from '../../src/what-if/endpoint-history.ts'

function historyOf(...attempts: [startMs: number, event: number][]): EndpointHistory {
  const history = new EndpointHistory()
  for (const [startMs, event] of attempts) {
    const answer = { kind: 'answered', status: 200, retryAfterMs: null } as const
    history.add({ event, startMs, durationMs: 0, answer })
  }
  return history
}

test('does what it did with the last attempt that had started', () => {
  const history = historyOf([10, 1], [20, 2], [30, 3])
  const eventsAt = (...times: number[]) => times.map((atMs) => history.at(atMs, 99).event)
  expect(eventsAt(10, 19, 20, 29, 30, 1000)).toEqual([1, 1, 2, 2, 3, 3])
})

test('before the first attempt does what it did with the first', () => {
  expect(historyOf([10, 1], [20, 2]).at(5, 99).event).toBe(1)
})

test('of attempts that started together takes the event’s own, else the last', () => {
  const history = historyOf([5, 8], [10, 1], [10, 2], [10, 3])
  expect(history.at(10, 2).event).toBe(2)
  expect(history.at(10, 8).event).toBe(3)
})

test('takes attempts in the order in which they end', () => {
  expect(historyOf([20, 2], [10, 1], [30, 3]).at(15, 99).event).toBe(1)
})

test('without any attempt accepts at once', () => {
  expect(new EndpointHistory().at(0, 1)).toMatchObject({ durationMs: 0, answer: { status: 200 } })
})
