import { describe, expect, test } from 'vitest'
import { DivergenceError } from '../../src/errors/errors.ts'
import type { EndpointTransition } from '../../src/log/transition.ts'
import { replay } from '../../src/replay/replay.ts'

const at = '2025-01-01T00:00:00.000Z'
const later = '2025-01-02T00:00:00.000Z'

function record(
  seq: number,
  machine: string,
  event: EndpointTransition['event'],
  from: EndpointTransition['from'],
  to: EndpointTransition['to'],
): EndpointTransition {
  return { seq, at, endpointId: 'ep_1', eventId: '', event, from, to, attempts: 0, machine }
}

const log = [
  record(1, 'endpoint@1', { type: 'failures.began', at }, 'active', 'failing'),
  record(2, 'breaker@1', { type: 'threshold.reached', at, failures: 2, reopensAt: later }, 'closed', 'open'),
  record(
    3,
    'endpoint@1',
    { type: 'failures.lasted', at: later, failingSince: at, disableAt: later },
    'failing',
    'warned',
  ),
  record(4, 'breaker@1', { type: 'cooldown.elapsed', at }, 'open', 'halfOpen'),
]

test('a replay gives the state of every endpoint that has records of its own', () => {
  const shared = { endpointId: 'ep_1', failingSince: at, disableReason: null }
  expect(replay(log, { untilSeq: 3 }).endpoints.get('ep_1')).toEqual({
    ...shared,
    state: 'warned',
    disableAt: later,
    breaker: 'open',
    reopensAt: later,
  })
  expect(replay(log).endpoints.get('ep_1')).toMatchObject({ breaker: 'halfOpen', reopensAt: null })
})

test('the first record that retention has left is believed where it says it comes from', () => {
  expect(replay(log.slice(2)).endpoints.get('ep_1')).toMatchObject({ state: 'warned', breaker: 'halfOpen' })
})

describe("an endpoint's record that does not follow is refused:", () => {
  const changed = (index: number, change: Partial<EndpointTransition>) =>
    log.map((original, i) => (i === index ? { ...original, ...change } : original))

  test.each<[string, number, Partial<EndpointTransition>]>([
    ['it leaves another state', 3, { from: 'closed' }],
    ['it leaves no state of its machine', 0, { from: 'halfOpen' }],
    ['it leads to another state', 1, { to: 'halfOpen' }],
    ['its event changes nothing', 3, { event: { type: 'breaker.reset', at }, from: 'closed' }],
    ['its event is of another machine', 0, { event: { type: 'cooldown.elapsed', at } }],
    ['its machine is of another version', 2, { machine: 'endpoint@2' }],
  ])('%s', (_, index, change) => {
    const seq = index + 1
    const refused = expect.objectContaining({ seq, message: expect.stringContaining(`record ${seq} of endpoint ep_1`) })
    expect(() => replay(changed(index, change))).toThrow(DivergenceError)
    expect(() => replay(changed(index, change))).toThrow(refused as Error)
  })
})
