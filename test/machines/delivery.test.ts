import { describe, expect, test } from 'vitest'
import { transition } from 'xstate'
import type { SnapshotFrom } from 'xstate'
import { getShortestPaths } from 'xstate/graph'
import { deliveryIgnores, deliveryMachine } from '../../machines/delivery.ts'
import type { DeliveryEvent } from '../../machines/delivery.ts'
import type { Failure } from '../../src/attempt/failure.ts'
import { expectEventOnly, expectPureImports, handledTypes, stateNames } from './definition.ts'

type Snapshot = SnapshotFrom<typeof deliveryMachine>

const budget = 2
const at = '2025-01-01T00:00:00.000Z'
const retryAt = '2025-01-01T00:00:01.000Z'
const failure: Failure = { reason: 'status', message: 'HTTP 500', status: 500, reach: 'answered' }

function answersOf(attempt: number): DeliveryEvent[] {
  const answer = { attempt, at, durationMs: 5 }
  return [
    { type: 'attempt.succeeded', ...answer, status: 200, snippet: null },
    { type: 'attempt.failed', ...answer, failure, snippet: null, retryAt },
    { type: 'attempt.rejected', ...answer, failure, snippet: null },
    { type: 'attempt.interrupted', ...answer, failure },
  ]
}

/** Every event that may come true in a state, with the attempt number that fits it. */
function sample({ context: { attempts } }: Snapshot): DeliveryEvent[] {
  return [
    { type: 'attempt.started', attempt: attempts + 1, at },
    ...answersOf(attempts),
    { type: 'attempt.failed', attempt: attempts, at, durationMs: 5, failure, snippet: null, retryAt, holdsLine: true },
    { type: 'redelivery.requested', at, budget },
    { type: 'line.released', at },
    { type: 'event.abandoned', at, failure },
  ]
}

const eventTypes = [
  'attempt.started',
  ...answersOf(0).map(({ type }) => type),
  'redelivery.requested',
  'line.released',
  'event.abandoned',
]

/** Attempts count up for ever, so states are told apart up to the fourth. */
const paths = getShortestPaths(deliveryMachine, {
  input: { budget },
  events: sample,
  serializeState: ({ value, context: { attempts, left, holdsLine } }) =>
    `${value} ${Math.min(attempts, 4)} ${left} ${holdsLine}`,
  limit: 1000,
})
const reached = paths.map(({ state }) => state)
const moves = reached.flatMap((before) =>
  sample(before).flatMap((event) => {
    const [after, actions] = transition(deliveryMachine, before, event)
    return after === before ? [] : [{ before, after, actions }]
  }),
)

test('delivers by the shortest of these ways', () => {
  const shortest = new Map<string, string>()
  for (const { state, steps } of paths) {
    const way = steps.slice(1).map(({ event }) => event.type)
    if (!shortest.has(state.value)) shortest.set(state.value, way.join(' → '))
  }
  expect(Object.fromEntries(shortest)).toMatchInlineSnapshot(`
    {
      "backoff": "attempt.started → attempt.failed",
      "deadLettered": "attempt.started → attempt.failed → attempt.started → attempt.failed",
      "delivered": "attempt.started → attempt.succeeded",
      "delivering": "attempt.started",
      "failed": "event.abandoned",
      "pending": "",
    }
  `)
})

test('reaches every state', () => {
  expect(new Set(reached.map(({ value }) => value))).toEqual(new Set(stateNames(deliveryMachine)))
})

describe('in every state', () => {
  test.each(stateNames(deliveryMachine) as (keyof typeof deliveryIgnores)[])(
    'each event is either handled or ignored on purpose: %s',
    (value) => {
      const snapshots = reached.filter((snapshot) => snapshot.value === value)
      for (const snapshot of snapshots) {
        const handled = handledTypes(snapshot)
        const ignored = new Set<string>(deliveryIgnores[value])
        expect([...handled, ...ignored].sort()).toEqual([...eventTypes].sort())
        for (const event of sample(snapshot)) {
          if (ignored.has(event.type)) expect(transition(deliveryMachine, snapshot, event)).toEqual([snapshot, []])
        }
      }
    },
  )

  test('an answer of any other attempt is refused', () => {
    for (const snapshot of reached) {
      const { attempts } = snapshot.context
      const others = Array.from({ length: attempts + 4 }, (_, attempt) => attempt).filter((n) => n !== attempts)
      for (const event of others.flatMap(answersOf)) {
        expect(transition(deliveryMachine, snapshot, event)[0]).toBe(snapshot)
      }
    }
  })

  test('an attempt that is not the next is refused', () => {
    for (const snapshot of reached) {
      const { attempts } = snapshot.context
      for (const attempt of [0, attempts, attempts + 2]) {
        if (attempt === attempts + 1) continue
        const event = { type: 'attempt.started', attempt, at } as const
        expect(transition(deliveryMachine, snapshot, event)[0]).toBe(snapshot)
      }
    }
  })

  test('the budget is never overdrawn, and attempts never count down', () => {
    for (const { before, after } of moves) {
      expect(after.context.attempts - before.context.attempts).toBe(after.value === 'delivering' ? 1 : 0)
      expect(after.context.left).toBeGreaterThanOrEqual(0)
      expect(after.context.left).toBeLessThanOrEqual(budget)
    }
  })

  test('a time to try again stands exactly in backoff', () => {
    for (const { value, context } of reached) expect(context.retryAt).toBe(value === 'backoff' ? retryAt : null)
  })
})

describe('a settled event', () => {
  const settled = reached.filter((snapshot) => snapshot.hasTag('settled'))

  test('is delivered, failed or deadLettered, and only that', () => {
    expect(new Set(settled.map(({ value }) => value))).toEqual(new Set(['delivered', 'failed', 'deadLettered']))
    for (const snapshot of reached) expect(snapshot.hasTag('open')).toBe(!snapshot.hasTag('settled'))
  })

  test('moves only when a redelivery is requested, and then waits in line with a fresh budget and its count', () => {
    for (const snapshot of settled) {
      const moving = sample(snapshot).filter((event) => transition(deliveryMachine, snapshot, event)[0] !== snapshot)
      const released = snapshot.context.holdsLine ? ['line.released'] : []
      expect(moving.map(({ type }) => type)).toEqual(['redelivery.requested', ...released])
      const redelivery = { type: 'redelivery.requested', at, budget: 7 } as const
      const [after, actions] = transition(deliveryMachine, snapshot, redelivery)
      expect(after).toMatchObject({
        value: 'pending',
        context: {
          attempts: snapshot.context.attempts,
          budget: 7,
          left: 7,
          deliveredAt: null,
          retryAt: null,
          holdsLine: false,
        },
      })
      expect(actions.map(({ type }) => type)).toEqual(['joinLine'])
    }
  })

  test('was settled by one effect, in the step that settled it', () => {
    for (const { before, after, actions } of moves) {
      const settles = actions.filter(({ type }) => type === 'settle').map(({ params }) => params)
      const settled = after.hasTag('settled') && before.value !== after.value
      expect(settles).toEqual(settled ? [{ as: after.value }] : [])
    }
  })

  test('holds its line only as a dead letter whose last attempt said so, until its line is released', () => {
    expect(new Set(reached.filter(({ context }) => context.holdsLine).map(({ value }) => value))).toEqual(
      new Set(['deadLettered']),
    )
    const holding = reached.find(({ context }) => context.holdsLine)!
    const [after, actions] = transition(deliveryMachine, holding, { type: 'line.released', at })
    expect(after).toMatchObject({ value: 'deadLettered', context: { ...holding.context, holdsLine: false } })
    expect(actions.map(({ type }) => type)).toEqual(['releaseLine'])
    expect(transition(deliveryMachine, after, { type: 'line.released', at })[0]).toBe(after)
  })
})

test('refunds an interrupted attempt, and counts it all the same', () => {
  const delivering = reached.find(({ value }) => value === 'delivering')!
  const [after] = transition(deliveryMachine, delivering, answersOf(delivering.context.attempts)[3]!)
  expect(after).toMatchObject({ value: 'pending', context: { attempts: 1, left: budget } })
})

test('keeps what went wrong last, also once it is delivered', () => {
  const afterFailure = paths.find(({ state }) => state.value === 'delivered' && state.context.attempts === 2)!
  expect(afterFailure.state.context).toMatchObject({ lastError: 'HTTP 500', deliveredAt: at })
})

test('does nothing but in answer to events', () => {
  expectEventOnly(deliveryMachine)
})

test('imports only xstate and types', () => {
  expectPureImports('delivery.ts')
})
