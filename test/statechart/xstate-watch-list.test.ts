// What hookline's design takes from XState without XState promising it. When one of these fails after an upgrade, read
// the code that rests on it before changing the test.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createActor, createEmptyActor, createMachine, fromPromise, setup, SimulatedClock, transition } from 'xstate'
import type { AnyActorRef, InspectionEvent } from 'xstate'
import { deliveryMachine, initialDeliveryContext } from '../../machines/delivery.ts'
import { sequencerMachine } from '../../machines/sequencer.ts'
import { createInertScope } from '../../src/statechart/inert-scope.ts'
import { deliveryWalk, describeSnapshot } from './random-walks.ts'

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))
}

const at = '2025-01-01T00:00:00.000Z'
const broken = new Error('broken')
const breaks = (): never => {
  throw broken
}

test('the version these facts were checked with is the one installed', () => {
  const lock = readJson('package-lock.json') as { packages: Record<string, { version: string }> }
  const installed = readJson('node_modules/xstate/package.json') as { version: string }
  expect(installed.version).toBe('5.33.3')
  expect(lock.packages['node_modules/xstate']!.version).toBe(installed.version)
})

describe('a step outside any actor', () => {
  test('gives what transition() gives', () => {
    fc.assert(
      fc.property(deliveryWalk, (walk) => {
        const { scope, actions } = createInertScope<ReturnType<typeof deliveryMachine.getInitialSnapshot>, never>()
        let snapshot = deliveryMachine.getInitialSnapshot(scope as never, { budget: 2 })
        for (const step of walk) {
          const event = step(snapshot.context)
          const [expected, expectedActions] = transition(deliveryMachine, snapshot, event)
          const after = deliveryMachine.transition(snapshot, event, scope as never)
          expect(describeSnapshot(after)).toEqual(describeSnapshot(expected))
          expect(after === snapshot).toBe(expected === snapshot)
          const naming = ({ type, params }: { type: string; params: unknown }) => ({ type, params })
          expect(actions.splice(0).map(naming)).toEqual(expectedActions.map(naming))
          snapshot = after
        }
      }),
      { numRuns: 30 },
    )
  })

  test('builds no actor of its own, as transition() does each time', () => {
    let made = 0
    const machine = createMachine({ context: () => ({ made: (made += 1) }), initial: 'a', states: { a: {} } })
    const { scope } = createInertScope()
    const snapshot = machine.getInitialSnapshot(scope as never, undefined as never)
    machine.transition(snapshot, { type: 'b' }, scope as never)
    expect(made).toBe(1)
    transition(machine, snapshot, { type: 'b' })
    expect(made).toBe(2)
  })
})

describe('a live actor', () => {
  test('keeps the very same snapshot at an event it takes no notice of', () => {
    const actor = createActor(deliveryMachine, { input: { budget: 1 } }).start()
    const before = actor.getSnapshot()
    actor.send({ type: 'redelivery.requested', at, budget: 1 })
    expect(actor.getSnapshot()).toBe(before)
  })

  test('runs its actions before its subscribers hear of the step', () => {
    const heard: string[] = []
    const machine = deliveryMachine.provide({ actions: { sendRequest: () => heard.push('action') } })
    const actor = createActor(machine, { input: { budget: 1 } })
    actor.subscribe(() => heard.push('subscriber'))
    actor.start()
    heard.length = 0
    actor.send({ type: 'attempt.started', attempt: 1, at })
    expect(heard).toEqual(['action', 'subscriber'])
  })

  test('that has reached a final state ignores every event', () => {
    const machine = createMachine({
      initial: 'a',
      states: { a: { on: { end: 'z' } }, z: { type: 'final' } },
      on: { end: '.a' },
    })
    const actor = createActor(machine).start()
    actor.send({ type: 'end' })
    const done = actor.getSnapshot()
    const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined) // the development build says so
    actor.send({ type: 'end' })
    warn.mockRestore()
    expect(done.status).toBe('done')
    expect(actor.getSnapshot()).toBe(done)
  })

  test('loses its `after` when it is persisted and restored', () => {
    const machine = createMachine({ initial: 'a', states: { a: { after: { 1000: 'b' } }, b: {} } })
    const first = createActor(machine, { clock: new SimulatedClock() }).start()
    const persisted = JSON.parse(JSON.stringify(first.getPersistedSnapshot())) as never
    first.stop()
    const clock = new SimulatedClock()
    const restored = createActor(machine, { clock, snapshot: persisted }).start()
    clock.increment(60_000)
    expect(restored.getSnapshot().value).toBe('a')
  })

  test('starts an invoked call again when it is persisted and restored', () => {
    let calls = 0
    const machine = setup({ actors: { post: fromPromise(() => new Promise(() => (calls += 1))) } }).createMachine({
      invoke: { src: 'post' },
    })
    const first = createActor(machine).start()
    const persisted = JSON.parse(JSON.stringify(first.getPersistedSnapshot())) as never
    createActor(machine, { snapshot: persisted }).start()
    expect(calls).toBe(2)
  })

  test('is wedged by an inspection callback that throws, which is why hookline guards it', () => {
    let throwing = false
    const inspect = ({ type }: InspectionEvent) => {
      if (throwing && type === '@xstate.snapshot') breaks()
    }
    const actor = createActor(deliveryMachine, { input: { budget: 1 }, inspect }).start()
    throwing = true
    expect(() => actor.send({ type: 'attempt.started', attempt: 1, at })).toThrow(broken)
    throwing = false
    actor.send({ type: 'attempt.succeeded', attempt: 1, at, status: 200, durationMs: 1, snippet: null })
    expect(actor.getSnapshot()).toMatchObject({ status: 'active', value: 'delivering' })
  })
})

describe('a parent whose child breaks', () => {
  const parentOf = (on: object) =>
    setup({ actors: { child: createMachine({ on: { go: { actions: breaks } } }) } }).createMachine({
      invoke: [
        { src: 'child', id: 'one' },
        { src: 'child', id: 'two' },
      ],
      on,
    })

  test('is ended by it, with all its other children, when it does not handle the error', () => {
    const actor = createActor(parentOf({}))
    const failed = vi.fn()
    actor.subscribe({ error: failed })
    actor.start()
    const { one, two } = actor.getSnapshot().children as Record<string, AnyActorRef>
    one!.send({ type: 'go' })
    expect(failed).toHaveBeenCalledExactlyOnceWith(broken)
    expect(actor.getSnapshot().status).toBe('error')
    expect(two!.getSnapshot()).toMatchObject({ status: 'stopped' })
  })

  test('lives on, with its other children, when it handles the error, even by doing nothing', () => {
    const actor = createActor(parentOf({ 'xstate.error.actor.*': {} }))
    const failed = vi.fn()
    actor.subscribe({ error: failed })
    actor.start()
    const { one, two } = actor.getSnapshot().children as Record<string, AnyActorRef>
    one!.send({ type: 'go' })
    expect(failed).not.toHaveBeenCalled()
    expect(actor.getSnapshot().status).toBe('active')
    expect(two!.getSnapshot()).toMatchObject({ status: 'active' })
  })
})

describe('a child', () => {
  const head = { eventId: 'evt_1', resting: { value: 'pending', context: initialDeliveryContext(1) } } as const

  test('is started, and in its parent’s snapshot, when the send that spawned it returns', () => {
    const actor = createActor(sequencerMachine).start()
    actor.send({ type: 'head.arrived', head })
    const child = (actor.getSnapshot().children as Record<string, AnyActorRef>)['evt_1']!
    expect(child.getSnapshot()).toMatchObject({ status: 'active', value: 'pending' })
  })

  test('is stopped, and out of its parent’s snapshot, when the send that stopped it returns', () => {
    const actor = createActor(sequencerMachine).start()
    actor.send({ type: 'head.arrived', head })
    const child = (actor.getSnapshot().children as Record<string, AnyActorRef>)['evt_1']!
    actor.send({ type: 'head.rested' })
    expect(child.getSnapshot()).toMatchObject({ status: 'stopped' })
    expect(actor.getSnapshot().children).toEqual({})
  })
})

test('an empty actor has the system that a step without actors needs', () => {
  expect(createEmptyActor().system).toBeTypeOf('object')
})
