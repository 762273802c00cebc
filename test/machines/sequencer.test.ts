import { describe, expect, test } from 'vitest'
import { createActor, transition } from 'xstate'
import type { AnyActorRef, SnapshotFrom } from 'xstate'
import { getShortestPaths } from 'xstate/graph'
import { initialDeliveryContext } from '../../machines/delivery.ts'
import { sequencerIgnores, sequencerMachine } from '../../machines/sequencer.ts'
import type { Head, SequencerEvent } from '../../machines/sequencer.ts'
import { expectEventOnly, expectPureImports, handledTypes, stateNames } from './definition.ts'

type Snapshot = SnapshotFrom<typeof sequencerMachine>

const headOf = (eventId: string): Head => ({
  eventId,
  resting: { value: 'pending', context: initialDeliveryContext(3) },
})
const childError = 'xstate.error.actor.*'

function errorOf(eventId: string): SequencerEvent {
  return { type: `xstate.error.actor.${eventId}`, actorId: eventId, error: new Error('broken') }
}

/** Two events are enough to tell a head from the one after it. */
function sample({ context: { head } }: Snapshot): SequencerEvent[] {
  const next = head === 'evt_1' ? 'evt_2' : 'evt_1'
  return [
    { type: 'head.arrived', head: headOf(next) },
    { type: 'head.settled', next: headOf(next) },
    { type: 'head.settled', next: null },
    { type: 'head.exhausted' },
    { type: 'head.rested' },
    { type: 'lane.paused' },
    { type: 'lane.resumed' },
    { type: 'lane.closed' },
    errorOf(head ?? 'evt_gone'),
  ]
}

const eventTypes = [
  'head.arrived',
  'head.settled',
  'head.exhausted',
  'head.rested',
  'lane.paused',
  'lane.resumed',
  'lane.closed',
  childError,
]
const describeState = ({ value, context, children }: Snapshot): string =>
  `${value} ${context.head ?? 'empty'} ${Object.keys(children).join()}`

const paths = getShortestPaths(sequencerMachine, { events: sample, serializeState: describeState, limit: 1000 })
const reached = paths.map(({ state }) => state)

test('takes up and lets go of heads by the shortest of these ways', () => {
  const ways = paths.map(({ state, steps }) => {
    const way = steps.slice(1).map(({ event }) => event.type)
    return `${state.value}, head ${state.context.head ?? 'none'}: ${way.join(' → ')}`
  })
  expect(ways).toMatchInlineSnapshot(`
    [
      "idle, head none: ",
      "busy, head evt_1: head.arrived",
      "paused, head none: lane.paused",
      "draining, head none: lane.closed",
      "busy, head evt_2: head.arrived → head.settled",
      "halted, head none: head.arrived → head.exhausted",
      "paused, head evt_1: head.arrived → lane.paused",
      "draining, head evt_1: head.arrived → lane.closed",
      "paused, head evt_2: head.arrived → head.settled → lane.paused",
      "draining, head evt_2: head.arrived → head.settled → lane.closed",
    ]
  `)
})

test('reaches every state', () => {
  expect(new Set(reached.map(({ value }) => value))).toEqual(new Set(stateNames(sequencerMachine)))
})

describe('in every state', () => {
  test.each(stateNames(sequencerMachine) as (keyof typeof sequencerIgnores)[])(
    'each event is either handled or ignored on purpose: %s',
    (value) => {
      for (const snapshot of reached.filter((candidate) => candidate.value === value)) {
        const all = [...handledTypes(snapshot), ...sequencerIgnores[value]]
        expect(all.sort()).toEqual([...eventTypes].sort())
      }
    },
  )

  test('what is ignored changes nothing', () => {
    for (const snapshot of reached) {
      for (const event of sample(snapshot)) {
        const type = event.type.startsWith('xstate.error.actor.') ? childError : event.type
        if (!sequencerIgnores[snapshot.value].some((ignored) => ignored === type)) continue
        const [after, actions] = transition(sequencerMachine, snapshot, event)
        expect({ state: describeState(after), actions }).toEqual({ state: describeState(snapshot), actions: [] })
      }
    }
  })

  test('an error of a child, even a late one, leaves the sequencer alive', () => {
    for (const snapshot of reached) {
      expect(transition(sequencerMachine, snapshot, errorOf('evt_gone'))[0].status).toBe('active')
    }
  })

  test('there is at most one child, and it is the head', () => {
    for (const { context, children } of reached) {
      expect(Object.keys(children)).toEqual(context.head === null ? [] : [context.head])
    }
  })
})

describe('a live sequencer', () => {
  const start = () => {
    const actor = createActor(sequencerMachine).start()
    actor.subscribe({ error: () => undefined })
    const children = () => actor.getSnapshot().children as Record<string, AnyActorRef>
    return { actor, children }
  }

  test('stops the head that settled and starts the next in one step', () => {
    const { actor, children } = start()
    actor.send({ type: 'head.arrived', head: headOf('evt_1') })
    const first = children()['evt_1']!
    actor.send({ type: 'head.settled', next: headOf('evt_2') })
    expect(first.getSnapshot()).toMatchObject({ status: 'stopped' })
    expect(Object.keys(children())).toEqual(['evt_2'])
    expect(actor.getSnapshot()).toMatchObject({ value: 'busy', context: { head: 'evt_2' } })
  })

  test('keeps a head under way through a pause, and takes no new one until it is resumed', () => {
    const { actor, children } = start()
    actor.send({ type: 'head.arrived', head: headOf('evt_1') })
    actor.send({ type: 'lane.paused' })
    expect(Object.keys(children())).toEqual(['evt_1'])
    actor.send({ type: 'head.settled', next: headOf('evt_2') })
    actor.send({ type: 'head.arrived', head: headOf('evt_2') })
    expect(children()).toEqual({})
    actor.send({ type: 'lane.resumed' })
    actor.send({ type: 'head.arrived', head: headOf('evt_2') })
    expect(Object.keys(children())).toEqual(['evt_2'])
  })

  test('takes no head while a dead letter holds the line', () => {
    const { actor, children } = start()
    actor.send({ type: 'head.arrived', head: headOf('evt_1') })
    actor.send({ type: 'head.exhausted' })
    actor.send({ type: 'head.arrived', head: headOf('evt_2') })
    expect([actor.getSnapshot().value, children()]).toEqual(['halted', {}])
    actor.send({ type: 'lane.resumed' })
    expect(actor.getSnapshot().value).toBe('idle')
  })

  test('lets the head end but takes no other once its lane is closed', () => {
    const { actor, children } = start()
    actor.send({ type: 'head.arrived', head: headOf('evt_1') })
    actor.send({ type: 'lane.closed' })
    expect(Object.keys(children())).toEqual(['evt_1'])
    actor.send({ type: 'head.settled', next: headOf('evt_2') })
    expect([actor.getSnapshot().value, children()]).toEqual(['draining', {}])
  })
})

test('does nothing but in answer to events', () => {
  expectEventOnly(sequencerMachine)
})

test('imports only xstate, other machines and types', () => {
  expectPureImports('sequencer.ts')
})
