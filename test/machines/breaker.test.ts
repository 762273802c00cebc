import { describe, expect, test } from 'vitest'
import { transition } from 'xstate'
import { getShortestPaths } from 'xstate/graph'
import { breakerIgnores, breakerMachine } from '../../machines/breaker.ts'
import type { BreakerEvent } from '../../machines/breaker.ts'
import { expectEventOnly, expectPureImports, handledTypes, stateNames } from './definition.ts'

const threshold = 3
const cooldownEndsAt = '2025-01-01T00:01:00.000Z'
const events: BreakerEvent[] = [
  { type: 'attempt.succeeded' },
  { type: 'attempt.failed', cooldownEndsAt },
  { type: 'cooldown.elapsed' },
]
const [succeeded, failed, elapsed] = events as [BreakerEvent, BreakerEvent, BreakerEvent]

/** Failures count on while the probes fail, so they are told apart up to the threshold. */
const paths = getShortestPaths(breakerMachine, {
  input: { threshold },
  events,
  serializeState: ({ value, context }) => `${value} ${Math.min(context.failures, threshold)}`,
  limit: 1000,
})
const reached = paths.map(({ state }) => state)

test('opens, probes and closes by the shortest of these ways', () => {
  const ways = paths.map(({ state, steps }) => {
    const way = steps.slice(1).map(({ event }) => event.type)
    return `${state.value}, failures ${state.context.failures}: ${way.join(' → ')}`
  })
  expect(ways).toMatchInlineSnapshot(`
    [
      "closed, failures 0: ",
      "closed, failures 1: attempt.failed",
      "closed, failures 2: attempt.failed → attempt.failed",
      "open, failures 4: attempt.failed → attempt.failed → attempt.failed",
      "halfOpen, failures 3: attempt.failed → attempt.failed → attempt.failed → cooldown.elapsed",
    ]
  `)
})

test('reaches every state', () => {
  expect(new Set(reached.map(({ value }) => value))).toEqual(new Set(stateNames(breakerMachine)))
})

test.each(stateNames(breakerMachine) as (keyof typeof breakerIgnores)[])(
  'handles each event or ignores it on purpose: %s',
  (value) => {
    for (const snapshot of reached.filter((candidate) => candidate.value === value)) {
      const all = [...handledTypes(snapshot), ...breakerIgnores[value]]
      expect(all.sort()).toEqual(events.map(({ type }) => type).sort())
      for (const event of events) {
        if (breakerIgnores[value].includes(event.type)) {
          expect(transition(breakerMachine, snapshot, event)[0]).toBe(snapshot)
        }
      }
    }
  },
)

describe('a breaker', () => {
  const state = (...walk: BreakerEvent[]) => {
    let snapshot = reached[0]!
    for (const event of walk) [snapshot] = transition(breakerMachine, snapshot, event)
    return { value: snapshot.value, ...snapshot.context }
  }

  test('opens at the failure that reaches the threshold, not before', () => {
    expect(state(failed, failed)).toMatchObject({ value: 'closed', failures: 2 })
    expect(state(failed, failed, failed)).toMatchObject({ value: 'open', reopensAt: cooldownEndsAt })
  })

  test('counts failures in a row only', () => {
    expect(state(failed, failed, succeeded, failed, failed)).toMatchObject({ value: 'closed', failures: 2 })
  })

  test('opens again at once when the probe fails, and forgets all when it succeeds', () => {
    const halfOpen = [failed, failed, failed, elapsed]
    expect(state(...halfOpen)).toMatchObject({ value: 'halfOpen', reopensAt: null })
    expect(state(...halfOpen, failed)).toMatchObject({ value: 'open', reopensAt: cooldownEndsAt })
    expect(state(...halfOpen, succeeded)).toMatchObject({ value: 'closed', failures: 0, reopensAt: null })
  })

  test('says when it may be probed exactly while it is open', () => {
    for (const { value, context } of reached) expect(context.reopensAt !== null).toBe(value === 'open')
  })
})

test('does nothing but in answer to events', () => {
  expectEventOnly(breakerMachine)
})

test('imports only xstate and types', () => {
  expectPureImports('breaker.ts')
})
