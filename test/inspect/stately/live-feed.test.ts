import { expect, test } from 'vitest'
import { EventChoice } from '../../../src/inspect/stately/event-choice.ts'
import { createFeedCounts } from '../../../src/inspect/stately/feed-counts.ts'
import { LiveFeed } from '../../../src/inspect/stately/live-feed.ts'
import { queueLimit } from '../../../src/inspect/stately/record-queue.ts'
import type { LogRecord, Transition } from '../../../src/log/transition.ts'
import { createVirtualClock } from '../../../src/testing/virtual-clock.ts'
import { eventLoopTurns } from '../../../src/testing/event-loop-turns.ts'

/** A feed on a log that a test writes, and the records that it got to show. */
function startFeed() {
  const clock = createVirtualClock()
  const counts = createFeedCounts()
  const shown: LogRecord[] = []
  const failed = () => {
    counts.failures += 1
  }
  const choice = new EventChoice({ filter: () => true, sample: 1, maxEventsPerSecond: 1 }, clock, failed)
  let tell: (record: Transition) => void = () => undefined
  const log = {
    subscribe: (listener: typeof tell) => {
      tell = listener
      return () => (tell = () => undefined)
    },
    subscribeToEndpoints: () => () => undefined,
  }
  const feed = new LiveFeed({ log, choice, counts, clock, show: (record) => shown.push(record) })
  return { feed, counts, shown, tell: (record: Transition) => tell(record) }
}

let seq = 0
const record = (eventId: string, type: 'attempt.started' | 'attempt.succeeded'): Transition => ({
  seq: (seq += 1),
  at: '2025-01-01T00:00:00.000Z',
  endpointId: 'ep_1',
  eventId,
  event:
    type === 'attempt.started'
      ? { type, attempt: 1, at: '' }
      : { type, attempt: 1, at: '', status: 200, durationMs: 1, snippet: null },
  from: type === 'attempt.started' ? 'pending' : 'delivering',
  to: type === 'attempt.started' ? 'delivering' : 'delivered',
  attempts: 1,
  machine: 'delivery@1',
})

test('an event whose record found no room to wait is left out until it has settled', async () => {
  const { counts, shown, tell } = startFeed()
  for (let event = 0; event < queueLimit; event += 1) tell(record(`evt_${event}`, 'attempt.started'))
  tell(record('evt_late', 'attempt.started'))
  while (shown.length < queueLimit) await eventLoopTurns(1)
  // There is room again, but half of it would mislead.
  tell(record('evt_late', 'attempt.succeeded'))
  await eventLoopTurns(1)
  expect(shown.filter(({ eventId }) => eventId === 'evt_late')).toEqual([])
  expect(counts).toMatchObject({ seen: queueLimit + 2, dropped: 2 })
  // Redelivered, it is an event like any other.
  tell(record('evt_late', 'attempt.started'))
  await eventLoopTurns(1)
  expect(shown.at(-1)!.eventId).toBe('evt_late')
})

test('gives the event loop a turn after a slice of records', async () => {
  const { shown, tell } = startFeed()
  for (let event = 0; event < 1000; event += 1) tell(record(`evt_${event}`, 'attempt.started'))
  expect(shown).toHaveLength(0)
  await eventLoopTurns(1)
  const { length } = shown
  expect(length).toBeGreaterThan(0)
  expect(length).toBeLessThan(1000)
  await eventLoopTurns(10)
  expect(shown).toHaveLength(1000)
})

test('shows nothing more of what waits once it is closed', async () => {
  const { feed, shown, tell } = startFeed()
  tell(record('evt_1', 'attempt.started'))
  feed.close()
  tell(record('evt_2', 'attempt.started'))
  await eventLoopTurns(2)
  expect(shown).toEqual([])
})
