import { describe, expect, test } from 'vitest'
import { transition } from 'xstate'
import { getShortestPaths } from 'xstate/graph'
import { endpointIgnores, endpointMachine } from '../../machines/endpoint.ts'
import type { EndpointEvent, EndpointStatus } from '../../machines/endpoint.ts'
import { expectEventOnly, expectPureImports, handledTypes, stateNames } from './definition.ts'

const at = '2025-01-01T00:00:00.000Z'
const later = '2025-01-05T00:00:00.000Z'
const disableAt = '2025-01-06T00:00:00.000Z'
const began: EndpointEvent = { type: 'failures.began', at }
const lasted: EndpointEvent = { type: 'failures.lasted', at: later, failingSince: at, disableAt }
const ended: EndpointEvent = { type: 'failures.ended', at: later }
const disabled: EndpointEvent = { type: 'endpoint.disabled', at: disableAt, reason: 'failing', failingSince: at }
const gone: EndpointEvent = { type: 'endpoint.disabled', at, reason: 'gone', failingSince: null }
const paused: EndpointEvent = { type: 'endpoint.paused', at }
const resumed: EndpointEvent = { type: 'endpoint.resumed', at }
const removed: EndpointEvent = { type: 'endpoint.removed', at }
const events = [began, lasted, ended, disabled, paused, resumed, removed]

const paths = getShortestPaths(endpointMachine, { events, limit: 1000 })

test('comes to each of its states by the shortest of these ways', () => {
  const ways = paths.map(({ state, steps }) => {
    const way = steps.slice(1).map(({ event }) => event.type)
    return `${state.value}: ${way.join(' → ')}`
  })
  expect(ways).toMatchInlineSnapshot(`
    [
      "active: ",
      "failing: failures.began",
      "disabled: endpoint.disabled",
      "paused: endpoint.paused",
      "removed: endpoint.removed",
      "warned: failures.began → failures.lasted",
    ]
  `)
})

test('reaches every state', () => {
  expect(new Set(paths.map(({ state }) => state.value))).toEqual(new Set(stateNames(endpointMachine)))
})

test.each(stateNames(endpointMachine) as EndpointStatus[])(
  'handles each event or ignores it on purpose: %s',
  (value) => {
    for (const { state } of paths.filter((path) => path.state.value === value)) {
      const all = [...handledTypes(state), ...endpointIgnores[value]]
      expect(all.sort()).toEqual(events.map(({ type }) => type).sort())
      for (const event of events) {
        if (endpointIgnores[value].includes(event.type))
          expect(transition(endpointMachine, state, event)[0]).toBe(state)
      }
    }
  },
)

describe('an endpoint', () => {
  const state = (...walk: EndpointEvent[]) => {
    let snapshot = paths[0]!.state
    for (const event of walk) [snapshot] = transition(endpointMachine, snapshot, event)
    return { value: snapshot.value, ...snapshot.context }
  }
  const nothing = { failingSince: null, disableAt: null, disableReason: null }

  test('is never disabled for failing without a warning first', () => {
    expect(state(began, lasted)).toEqual({ value: 'warned', failingSince: at, disableAt, disableReason: null })
    expect(state(began, lasted, disabled)).toMatchObject({ value: 'disabled', disableReason: 'failing' })
  })

  test('that is gone is disabled from any state in which it was in use or paused', () => {
    for (const walk of [[], [began], [began, lasted], [paused]]) {
      expect(state(...walk, gone)).toEqual({ value: 'disabled', ...nothing, disableReason: 'gone' })
    }
  })

  test('forgets its failures when it recovers, is paused or is resumed', () => {
    for (const walk of [
      [began, ended],
      [began, lasted, ended],
      [began, paused, resumed],
      [began, lasted, disabled, resumed],
    ]) {
      expect(state(...walk)).toEqual({ value: 'active', ...nothing })
    }
  })

  test('that was removed stays so', () => {
    for (const { state: before } of paths) {
      const [after] = transition(endpointMachine, before, removed)
      expect(after.value).toBe('removed')
    }
  })
})

test('does nothing but in answer to events', () => {
  expectEventOnly(endpointMachine)
})

test('imports only xstate and types', () => {
  expectPureImports('endpoint.ts')
})
