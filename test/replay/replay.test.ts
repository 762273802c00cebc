import { describe, expect, test } from 'vitest'
import { DivergenceError } from '../../src/errors/errors.ts'
import { exportJsonl, importJsonl } from '../../src/log/jsonl.ts'
import type { Transition } from '../../src/log/transition.ts'
import { replay } from '../../src/replay/replay.ts'
import { createEngine } from '../support/start-engine.ts'

/** Two events of one line: the first fails once and is delivered; the second waits, then starts. */
async function record(): Promise<readonly Transition[]> {
  const { service, transport, clock, quiet, register, stop } = createEngine()
  const endpoint = register()
  transport.respond(({ sequence, attempt }) => (sequence === 2 ? 'held' : attempt === 1 ? 503 : 200))
  service.submitEvent(endpoint, 'order.created', { n: 1 })
  service.submitEvent(endpoint, 'order.paid', { n: 2 })
  await quiet()
  await clock.advance(1000)
  const records = [...service.log.entries()]
  await stop()
  return records
}

const log = await record()
const types = ['submitted', 'submitted', 'started', 'failed', 'started', 'succeeded', 'started']

/** The log with one record changed. */
function changed(seq: number, change: Partial<Record<keyof Transition, unknown>>): Transition[] {
  return log.map((transition) => (transition.seq === seq ? { ...transition, ...change } : transition) as Transition)
}

test('the log of these tests is what they take it for', () => {
  expect(log.map(({ event }) => event.type.split('.')[1])).toEqual(types)
  expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
})

describe('a replay', () => {
  test('gives every event’s state, in the order of submission', () => {
    expect(replay(log)).toEqual({
      seq: 7,
      events: new Map([
        [
          'evt_1',
          {
            eventId: 'evt_1',
            endpointId: 'ep_1',
            eventType: 'order.created',
            sequence: 1,
            status: 'delivered',
            attempts: 2,
            left: 1,
            lastError: 'HTTP 503',
            deliveredAt: '2025-01-01T00:00:01.000Z',
            retryAt: null,
          },
        ],
        [
          'evt_2',
          {
            eventId: 'evt_2',
            endpointId: 'ep_1',
            eventType: 'order.paid',
            sequence: 2,
            status: 'delivering',
            attempts: 1,
            left: 2,
            lastError: null,
            deliveredAt: null,
            retryAt: null,
          },
        ],
      ]),
      endpoints: new Map(),
    })
  })

  test('stops after the record it is told to stop at', () => {
    const statusAt = (untilSeq: number) => replay(log, { untilSeq }).events.get('evt_1')?.status
    expect([0, 1, 3, 4, 5, 6, 100].map(statusAt)).toEqual([
      undefined,
      'pending',
      'delivering',
      'backoff',
      'delivering',
      'delivered',
      'delivered',
    ])
    expect(replay(log, { untilSeq: 4 })).toMatchObject({ seq: 4 })
    expect(replay(log, { untilSeq: 4 }).events.get('evt_1')).toMatchObject({
      attempts: 1,
      lastError: 'HTTP 503',
      retryAt: '2025-01-01T00:00:01.000Z',
    })
  })

  test.each([NaN, -1, 1.5, '3', null])('refuses to stop at %s, which is no record', (untilSeq) => {
    expect(() => replay(log, { untilSeq: untilSeq as number })).toThrow('untilSeq must be a whole number')
  })

  test('refuses what it cannot take', () => {
    expect(() => replay(undefined as unknown as Transition[])).toThrow(
      'transitions must be an array or another iterable',
    )
    const misspelt = { untilseq: 3 } as { untilSeq?: number }
    expect(() => replay(log, misspelt)).toThrow('untilseq is not an option; valid are untilSeq')
  })

  test('does not look at what comes after', () => {
    expect(() => replay(changed(6, { to: 'failed' }), { untilSeq: 5 })).not.toThrow()
  })

  test('is the same from an exported log', () => {
    expect(replay(importJsonl(exportJsonl({ entries: () => log })))).toEqual(replay(log))
  })

  test('takes gaps: what retention has evicted is whole events', () => {
    const kept = log.filter(({ eventId }) => eventId === 'evt_2')
    expect(replay(kept)).toMatchObject({ seq: 7 })
    expect([...replay(kept).events.keys()]).toEqual(['evt_2'])
  })

  test('of nothing is nothing', () => {
    expect(replay([])).toEqual({ seq: 0, events: new Map(), endpoints: new Map() })
  })
})

describe('a log that does not follow is refused at its first wrong record:', () => {
  const without = (seq: number) => log.filter((transition) => transition.seq !== seq)
  const at = (seq: number) => log[seq - 1]!
  const corrupt: [string, Iterable<Transition>, number, string][] = [
    ['a wrong from', changed(5, { from: 'pending' }), 5, 'it leaves pending, but the event is backoff'],
    ['a wrong to', changed(4, { to: 'deadLettered' }), 4, 'it claims to lead to deadLettered, but leads to backoff'],
    ['a wrong count of attempts', changed(5, { attempts: 1 }), 5, 'it counts 1 attempts, but there are 2'],
    [
      'an answer of an earlier attempt',
      changed(6, { event: { ...at(6).event, attempt: 1 } }),
      6,
      'attempt.succeeded changes nothing while the event is delivering',
    ],
    ['an attempt that was skipped', changed(5, { event: { ...at(5).event, attempt: 3 } }), 5, 'changes nothing'],
    ['a missing submission', without(1), 3, 'it leaves pending, but the event is new'],
    ['a missing record', without(4), 5, 'it leaves backoff, but the event is delivering'],
    ['a repeated record', [...log.slice(0, 3), at(3)], 3, 'record 3 comes after record 3'],
    ['records out of order', [at(1), at(3), at(2)], 2, 'record 2 comes after record 3'],
    [
      'a second submission',
      changed(3, { event: at(1).event, from: null }),
      3,
      'it leaves nothing, but the event is pending',
    ],
    [
      'another machine',
      changed(2, { machine: 'delivery@2' }),
      2,
      'it was written by delivery@2, and this is delivery@1',
    ],
    [
      'an unknown event',
      changed(4, { event: { type: 'attempt.lost', attempt: 1, at: '' } }),
      4,
      'attempt.lost changes nothing',
    ],
    [
      'a first record that submits nothing',
      changed(1, { event: at(3).event }),
      1,
      'an event cannot begin with attempt.started',
    ],
    ['a first record that leads elsewhere', changed(1, { to: 'delivered' }), 1, 'it claims to lead to delivered'],
  ]

  test.each(corrupt)('%s', (_, transitions, seq, reason) => {
    const replaying = () => replay(transitions)
    expect(replaying).toThrow(DivergenceError)
    expect(replaying).toThrow(expect.objectContaining({ seq, code: 'LOG_DIVERGED' }))
    expect(replaying).toThrow(reason)
  })

  test('the message names the record and the event', () => {
    expect(() => replay(changed(5, { attempts: 1 }))).toThrow(/^record 5 of event evt_1 does not follow: /)
  })
})
