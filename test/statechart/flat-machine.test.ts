import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assign, createActor, createMachine, emit, raise, setup, spawnChild, stateIn, stopChild } from 'xstate'
import type { AnyActorRef, AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate'
import { breakerMachine } from '../../machines/breaker.ts'
import { deliveryMachine } from '../../machines/delivery.ts'
import type { DeliveryContext } from '../../machines/delivery.ts'
import { sequencerMachine } from '../../machines/sequencer.ts'
import { createInertScope } from '../../src/statechart/inert-scope.ts'
import { tabulate } from '../../src/statechart/flat-machine.ts'
import { breakerWalk, deliveryWalk, describeSnapshot, laneWalk } from './random-walks.ts'
import type { Step } from './random-walks.ts'

type Done = [type: string, params: unknown]

/** A walk without actors: after each step the snapshot, whether it is still the same object, and the actions in order. */
function walkInert(logic: AnyStateMachine, input: unknown, walk: readonly Step<EventObject>[]): object[] {
  const { scope, actions } = createInertScope<AnyMachineSnapshot, EventObject>()
  let snapshot = logic.getInitialSnapshot(scope, input as never) as AnyMachineSnapshot
  return walk.map((step) => {
    const before = snapshot
    snapshot = logic.transition(before, step(before.context), scope) as AnyMachineSnapshot
    const done = actions.splice(0).map(({ type, params }): Done => [type, namingActors(type, params)])
    return { snapshot: describeSnapshot(snapshot), same: snapshot === before, done }
  })
}

/** Two walks never share an actor: of those in params only the ids can be equal. */
function namingActors(type: string, params: unknown): unknown {
  if (type === 'xstate.spawnChild') return (params as { actorRef: AnyActorRef }).actorRef.id
  return type === 'xstate.stopChild' ? (params as AnyActorRef | undefined)?.id : params
}

function expectSameWalk(machine: AnyStateMachine, input: unknown, walk: readonly Step<EventObject>[]): void {
  expect(walkInert(tabulate(machine), input, walk)).toEqual(walkInert(machine, input, walk))
}

describe('the table and the interpreter never differ', () => {
  test('for a delivery, at any walk of fitting, stale and unknown events', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), deliveryWalk, (budget, walk) => {
        expectSameWalk(deliveryMachine, { budget }, walk)
      }),
    )
  })

  test('for a breaker', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), breakerWalk, (threshold, events) => {
        expectSameWalk(
          breakerMachine,
          { threshold },
          events.map((event) => () => event),
        )
      }),
    )
  })

  test('for a lane of live actors, also when a child breaks', () => {
    fc.assert(
      fc.property(laneWalk, (walk) => {
        expect(walkLane(tabulate, walk)).toEqual(walkLane((machine) => machine, walk))
      }),
    )
  })

  test('in what our machines do not use: entry, exit, re-entry, params, inline actions, assigned records', () => {
    const chart = setup({
      types: { context: {} as { count: number; from: string } },
      actors: { child: createMachine({ initial: 'a', states: { a: {} } }) },
      actions: {
        note: (() => undefined) as (_: unknown, params: { text: string }) => void,
        plain: () => undefined,
        forget: assign({ from: '' }),
      },
      guards: { atMost: ({ context }, params: { count: number }) => context.count <= params.count },
    }).createMachine({
      context: { count: 0, from: '' },
      initial: 'one',
      states: {
        one: {
          entry: ['plain', { type: 'note', params: ({ context }) => ({ text: `enter one at ${context.count}` }) }],
          exit: { type: 'note', params: { text: 'leave one' } },
          tags: ['first', 'odd'],
          on: {
            count: { actions: assign({ count: ({ context }) => context.count + 1, from: 'one' }) },
            again: { target: 'one', reenter: true, actions: 'plain' },
            stay: { target: 'one', actions: function inline() {} },
            nothing: {},
            stopNobody: { actions: stopChild('nobody') },
            spawn: { actions: spawnChild('child', { id: ({ context }) => `child-${context.count}` }) },
            stop: { actions: [stopChild(({ context }) => `child-${context.count}`), 'forget'] },
            go: [{ guard: { type: 'atMost', params: { count: 2 } }, target: 'two' }, { actions: 'plain' }],
          },
        },
        two: { entry: assign(({ context }) => ({ count: context.count * 2 })), meta: { n: 2 }, on: { go: 'one' } },
      },
    })
    const types = ['count', 'again', 'stay', 'nothing', 'stopNobody', 'spawn', 'stop', 'go', 'unknown']
    const anyEvent = fc.constantFrom(...types)
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (walk) => {
        expectSameWalk(
          chart,
          undefined,
          walk.map((type) => () => ({ type })),
        )
      }),
    )
  })
})

/** After each step the whole tree of snapshots and all actions so far, in order, with their params. */
function walkLane(
  run: (machine: AnyStateMachine) => AnyStateMachine,
  walk: readonly { to: 'sequencer' | 'head'; step: Step<EventObject> }[],
): object[] {
  const done: Done[] = []
  const note =
    (type: string) =>
    (_: unknown, params?: unknown): void => {
      done.push([type, params])
    }
  const delivery = run(
    deliveryMachine.provide({
      actions: {
        sendRequest: note('sendRequest'),
        startTimer: note('startTimer'),
        cancelTimer: note('cancelTimer'),
        joinLine: note('joinLine'),
        settle: ({ context }, params) => {
          done.push(['settle', params])
          if (context.attempts % 2 === 0) throw new Error(`attempt ${context.attempts} breaks`)
        },
      },
    }),
  )
  const machine = run(
    sequencerMachine.provide({
      // The machine takes a budget where the lane's own logic takes a resting delivery; either starts pending.
      actors: { delivery: delivery as never },
      actions: { quarantine: note('quarantine') },
    }),
  )
  const actor = createActor(machine)
  let told = 0
  actor.subscribe({ next: () => (told += 1), error: note('died') })
  actor.start()
  return walk.map(({ to, step }) => {
    const { context, children } = actor.getSnapshot() as AnyMachineSnapshot
    const head = Object.values(children as Record<string, AnyActorRef>)[0]
    if (to === 'sequencer') actor.send(step(context))
    else head?.send(step((head.getSnapshot() as { context: DeliveryContext }).context))
    const left = head === undefined ? null : describeSnapshot(head.getSnapshot() as AnyMachineSnapshot)
    return { lane: describeSnapshot(actor.getSnapshot() as AnyMachineSnapshot), left, told, done: [...done] }
  })
}

describe('a tabulated machine', () => {
  const at = '2025-01-01T00:00:00.000Z'
  const start = () => createActor(tabulate(deliveryMachine), { input: { budget: 2 } }).start()

  test('answers matches, hasTag and can like any other', () => {
    const actor = start()
    actor.send({ type: 'attempt.started', attempt: 1, at })
    const snapshot = actor.getSnapshot()
    expect(snapshot.matches('delivering')).toBe(true)
    expect(snapshot.hasTag('open')).toBe(true)
    expect(snapshot.can({ type: 'attempt.started', attempt: 2, at })).toBe(false)
    expect(snapshot.can({ type: 'redelivery.requested', at, budget: 1 })).toBe(false)
    const failure = { reason: 'internal', message: '', reach: 'unknown' } as const
    expect(snapshot.can({ type: 'event.abandoned', at, failure })).toBe(true)
  })

  test('is persisted and restored', () => {
    const actor = start()
    actor.send({ type: 'attempt.started', attempt: 1, at })
    const persisted = JSON.parse(JSON.stringify(actor.getPersistedSnapshot())) as never
    const restored = createActor(tabulate(deliveryMachine), { snapshot: persisted, input: { budget: 0 } }).start()
    expect(describeSnapshot(restored.getSnapshot())).toEqual(describeSnapshot(actor.getSnapshot()))
  })

  test('shows its definition to an inspector', () => {
    const seen: unknown[] = []
    const inspect = (event: { type: string; actorRef: { logic?: unknown } }) => {
      if (event.type === '@xstate.actor') seen.push((event.actorRef.logic as AnyStateMachine).config)
    }
    createActor(tabulate(deliveryMachine), { input: { budget: 2 }, inspect: inspect as never }).start()
    expect(seen).toEqual([deliveryMachine.config])
  })

  test('is stopped when its actor is', () => {
    const actor = start()
    actor.stop()
    expect(actor.getSnapshot().status).toBe('stopped')
  })
})

describe('a machine that the table does not understand is refused:', () => {
  const inert = () => undefined
  const refused: [string, object, RegExp][] = [
    ['nested states', { a: { initial: 'b', states: { b: {} } } }, /"a" is not atomic/],
    ['parallel states', { a: { type: 'parallel', states: { b: {} } } }, /"a" is not atomic/],
    ['a final state', { a: { type: 'final' } }, /"a" is not atomic/],
    ['always', { a: { always: 'b' }, b: {} }, /"a" has always, after or invoke/],
    ['after', { a: { after: { 1000: 'b' } }, b: {} }, /"a" has always, after or invoke/],
    ['invoke', { a: { invoke: { src: 'b' } } }, /"a" has always, after or invoke/],
    ['a wildcard', { a: { on: { '*': { actions: inert } } } }, /"\*" is a wildcard/],
    ['a partial wildcard', { a: { on: { 'b.*': { actions: inert } } } }, /"b\.\*" is a wildcard/],
    ['raise', { a: { on: { b: { actions: raise({ type: 'c' }) } } } }, /uses the action "xstate.raise"/],
    ['emit', { a: { on: { b: { actions: emit({ type: 'c' }) } } } }, /uses the action "xstate.emit"/],
    ['raise on entry', { a: { on: { b: 'c' } }, c: { entry: raise({ type: 'd' }) } }, /uses the action "xstate.raise"/],
    ['an inline guard', { a: { on: { b: { guard: () => true, target: 'a' } } } }, /not a plain named guard/],
    ['a built-in guard', { a: { on: { b: { guard: stateIn('a'), target: 'a' } } } }, /not a plain named guard/],
    [
      'an unknown guard',
      { a: { on: { b: { guard: 'nowhere', target: 'a' } } } },
      /"nowhere" is not a plain named guard/,
    ],
    [
      'a built-in action with params',
      { a: { on: { b: { actions: { type: 'set', params: {} } } } } },
      /params to the action/,
    ],
    ['inline child logic', { a: { on: { b: { actions: spawnChild(deliveryMachine) } } } }, /xstate\.spawnChild/],
    ['a systemId', { a: { on: { b: { actions: spawnChild('c', { systemId: 'd' }) } } } }, /xstate\.spawnChild/],
    [
      'a synced child',
      { a: { on: { b: { actions: spawnChild('c', { syncSnapshot: true }) } } } },
      /xstate\.spawnChild/,
    ],
  ]

  test.each(refused)('%s', (_, states, reason) => {
    const machine = createMachine(
      { id: 'odd', initial: 'a', states } as never,
      { actions: { set: assign({}) } } as never,
    )
    expect(() => tabulate(machine)).toThrow(reason)
    expect(() => tabulate(machine)).toThrow('the machine "odd" cannot be tabulated: ')
  })

  test.each([
    ['transitions at its root', { on: { b: '.a' } }, /at its root/],
    ['an invoke at its root', { invoke: { src: 'b' } }, /at its root/],
    ['always at its root', { always: { actions: inert } }, /at its root/],
    ['after at its root', { after: { 1000: '.a' } }, /at its root/],
  ])('%s', (_, root, reason) => {
    const machine = createMachine({ id: 'odd', initial: 'a', states: { a: {} }, ...root } as never)
    expect(() => tabulate(machine)).toThrow(reason)
  })
})
