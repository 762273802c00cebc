import { describe, expect, test } from 'vitest'
import { transition } from 'xstate'
import { getShortestPaths } from 'xstate/graph'
import { breakerIgnores, breakerMachine } from '../../machines/breaker.ts'
import type { BreakerEvent, BreakerState } from '../../machines/breaker.ts'
import { expectEventOnly, expectPureImports, handledTypes, stateNames } from './definition.ts'

const at = '2025-01-01T00:00:00.000Z'
const reopensAt = '2025-01-01T00:01:00.000Z'
const reached: BreakerEvent = { type: 'threshold.reached', at, failures: 3, reopensAt }
const elapsed: BreakerEvent = { type: 'cooldown.elapsed', at }
const succeeded: BreakerEvent = { type: 'probe.succeeded', at }
const failed: BreakerEvent = { type: 'probe.failed', at, failures: 4, reopensAt }
const reset: BreakerEvent = { type: 'breaker.reset', at }
const events = [reached, elapsed, succeeded, failed, reset]

const paths = getShortestPaths(breakerMachine, { events, limit: 1000 })

test('opens, probes and closes by the shortest of these ways', () => {
  const ways = paths.map(({ state, steps }) => {
    const way = steps.slice(1).map(({ event }) => event.type)
    return `${state.value}, failures ${state.context.failures}: ${way.join(' → ')}`
  })
  expect(ways).toMatchInlineSnapshot(`
    [
      "closed, failures 0: ",
      "open, failures 3: threshold.reached",
      "halfOpen, failures 3: threshold.reached → cooldown.elapsed",
      "open, failures 4: threshold.reached → cooldown.elapsed → probe.failed",
      "halfOpen, failures 4: threshold.reached → cooldown.elapsed → probe.failed → cooldown.elapsed",
    ]
  `)
})

test('reaches every state', () => {
  expect(new Set(paths.map(({ state }) => state.value))).toEqual(new Set(stateNames(breakerMachine)))
})

test.each(stateNames(breakerMachine) as BreakerState[])('handles each event or ignores it on purpose: %s', (value) => {
  for (const { state } of paths.filter((path) => path.state.value === value)) {
    const all = [...handledTypes(state), ...breakerIgnores[value]]
    expect(all.sort()).toEqual(events.map(({ type }) => type).sort())
    for (const event of events) {
      if (breakerIgnores[value].includes(event.type)) expect(transition(breakerMachine, state, event)[0]).toBe(state)
    }
  }
})

describe('a breaker', () => {
  const state = (...walk: BreakerEvent[]) => {
    let snapshot = paths[0]!.state
    for (const event of walk) [snapshot] = transition(breakerMachine, snapshot, event)
    return { value: snapshot.value, ...snapshot.context }
  }

  test('opens again at once when the probe fails, and forgets all when it succeeds', () => {
    expect(state(reached, elapsed)).toEqual({ value: 'halfOpen', failures: 3, reopensAt: null })
    expect(state(reached, elapsed, failed)).toEqual({ value: 'open', failures: 4, reopensAt: reopensAt })
    expect(state(reached, elapsed, succeeded)).toEqual({ value: 'closed', failures: 0, reopensAt: null })
  })

  test('is closed, with nothing to remember, when it is reset', () => {
    for (const walk of [[reached], [reached, elapsed]]) {
      expect(state(...walk, reset)).toEqual({ value: 'closed', failures: 0, reopensAt: null })
    }
  })

  test('says when it may be probed exactly while it is open', () => {
    for (const path of paths) expect(path.state.context.reopensAt !== null).toBe(path.state.value === 'open')
  })
})

test('does nothing but in answer to events', () => {
  expectEventOnly(breakerMachine)
})

test('imports only xstate and types', () => {
  expectPureImports('breaker.ts')
})
