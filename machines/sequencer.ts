// One lane: the line in which events wait, of which exactly one is under way. It decides who is under way, never how;
// it holds no queue (the lane does) and no clock.
import { setup } from 'xstate'
import type { ActorLogic, SnapshotFrom } from 'xstate'
import { deliveryMachine } from './delivery.ts'
import type { DeliveryContext, DeliveryEvent, DeliveryStatus } from './delivery.ts'

/** A delivery at rest: all that a snapshot holds. */
export interface RestingDelivery {
  readonly value: DeliveryStatus
  readonly context: DeliveryContext
}

/** The event whose turn it is. */
export interface Head {
  readonly eventId: string
  readonly resting: RestingDelivery
}

export interface SequencerContext {
  /** The event under way; null when there is none. */
  readonly head: string | null
}

export type SequencerEvent =
  | { readonly type: 'head.arrived'; readonly head: Head }
  /** The head is settled; `next` takes its place in the same step. */
  | { readonly type: 'head.settled'; readonly next: Head | null }
  /** The head is dead-lettered, and the endpoint wants the line held until a person decides. */
  | { readonly type: 'head.exhausted' }
  /** The head goes back to rest without being settled: its actor is not needed now. */
  | { readonly type: 'head.rested' }
  | { readonly type: 'lane.paused' }
  | { readonly type: 'lane.resumed' }
  | { readonly type: 'lane.closed' }
  | { readonly type: `xstate.error.actor.${string}`; readonly actorId: string; readonly error: unknown }

/** What a lane's sequencer asks for, by name and params. */
export interface SequencerEffects {
  quarantine: { eventId: string; error: unknown }
}

/** A delivery as a lane runs it: the machine of `delivery.ts`, taken up again from its resting form. */
export type DeliveryLogic = ActorLogic<SnapshotFrom<typeof deliveryMachine>, DeliveryEvent, RestingDelivery>

const sequencer = setup({
  types: { context: {} as SequencerContext, events: {} as SequencerEvent },
  // The machine takes its input as a budget; the logic that the core provides here takes a resting delivery instead.
  actors: { delivery: deliveryMachine as unknown as DeliveryLogic },
  actions: {
    quarantine: (() => undefined) as (_: unknown, params: SequencerEffects['quarantine']) => void,
  },
  guards: {
    hasNext: ({ event }) => event.type === 'head.settled' && event.next !== null,
    holdsHead: ({ context }) => context.head !== null,
  },
})

/** Only asked in transitions that bring a head. */
const arriving = (event: SequencerEvent): Head => {
  const head = event.type === 'head.arrived' ? event.head : event.type === 'head.settled' ? event.next : null
  if (head === null) throw new Error(`sequencer: ${event.type} brings no head`)
  return head
}

const takeHead = sequencer.assign(({ event }) => ({ head: arriving(event).eventId }))
const clearHead = sequencer.assign({ head: null })

const spawnHead = sequencer.spawnChild('delivery', {
  id: ({ event }) => arriving(event).eventId,
  input: ({ event }) => arriving(event).resting,
})
const stopHead = sequencer.stopChild(({ context }) => context.head ?? '')

const quarantineHead = {
  type: 'quarantine',
  params: ({ event }: { event: SequencerEvent }) => ({
    eventId: 'actorId' in event ? event.actorId : '',
    error: 'error' in event ? event.error : undefined,
  }),
} as const

export const sequencerMachine = sequencer.createMachine({
  id: 'sequencer',
  version: '1',
  context: { head: null },
  initial: 'idle',
  states: {
    idle: {
      on: {
        'head.arrived': { target: 'busy', actions: [spawnHead, takeHead] },
        // Left unhandled, a child's late error would end the whole sequencer.
        'xstate.error.actor.*': {},
        'lane.paused': { target: 'paused' },
        'lane.closed': { target: 'draining' },
      },
    },
    busy: {
      on: {
        'head.settled': [
          { guard: 'hasNext', actions: [stopHead, spawnHead, takeHead] },
          { target: 'idle', actions: [stopHead, clearHead] },
        ],
        'head.exhausted': { target: 'halted', actions: [stopHead, clearHead] },
        'head.rested': { target: 'idle', actions: [stopHead, clearHead] },
        'lane.paused': { target: 'paused' },
        'lane.closed': { target: 'draining' },
        'xstate.error.actor.*': { target: 'idle', actions: [stopHead, clearHead, quarantineHead] },
      },
    },
    paused: {
      on: {
        'head.settled': { actions: [stopHead, clearHead] },
        'head.exhausted': { target: 'halted', actions: [stopHead, clearHead] },
        'head.rested': { actions: [stopHead, clearHead] },
        'lane.resumed': [{ guard: 'holdsHead', target: 'busy' }, { target: 'idle' }],
        'lane.closed': { target: 'draining' },
        'xstate.error.actor.*': { actions: [stopHead, clearHead, quarantineHead] },
      },
    },
    halted: {
      on: {
        'xstate.error.actor.*': {},
        'lane.resumed': { target: 'idle' },
        'lane.closed': { target: 'draining' },
      },
    },
    draining: {
      on: {
        'head.settled': { actions: [stopHead, clearHead] },
        'head.exhausted': { actions: [stopHead, clearHead] },
        'head.rested': { actions: [stopHead, clearHead] },
        'xstate.error.actor.*': { actions: [stopHead, clearHead, quarantineHead] },
      },
    },
  },
})

type Ignores = Readonly<Record<'idle' | 'busy' | 'paused' | 'halted' | 'draining', readonly SequencerEvent['type'][]>>

/** What each state takes no notice of, on purpose. Every other (state, event) pair is handled. */
export const sequencerIgnores: Ignores = {
  idle: ['head.settled', 'head.exhausted', 'head.rested', 'lane.resumed', 'xstate.error.actor.*'],
  busy: ['head.arrived', 'lane.resumed'],
  paused: ['head.arrived', 'lane.paused'],
  halted: ['head.arrived', 'head.settled', 'head.exhausted', 'head.rested', 'lane.paused', 'xstate.error.actor.*'],
  draining: ['head.arrived', 'lane.paused', 'lane.resumed', 'lane.closed'],
}
