// Random walks over the machines: events that fit, events that come too late, and events that no one knows.
import fc from 'fast-check'
import type { AnyMachineSnapshot, EventObject } from 'xstate'
import { initialDeliveryContext } from '../../machines/delivery.ts'
import type { DeliveryContext, DeliveryEvent } from '../../machines/delivery.ts'
import type { Head, SequencerEvent } from '../../machines/sequencer.ts'
import type { Failure } from '../../src/attempt/failure.ts'

const at = '2025-01-01T00:00:00.000Z'
const failure: Failure = { reason: 'status', message: 'HTTP 500', status: 500, reach: 'answered' }
const answer = { at, durationMs: 5, snippet: null, failure, status: 200, retryAt: '2025-01-01T00:00:01.000Z' }

/** One step of a walk, concrete only once the state is known in which it is taken. */
export type Step<TEvent extends EventObject> = (context: unknown) => TEvent

const deliveryStep: fc.Arbitrary<Step<DeliveryEvent>> = fc
  .record({
    type: fc.constantFrom(
      'attempt.started',
      'attempt.succeeded',
      'attempt.failed',
      'attempt.failed',
      'attempt.rejected',
      'attempt.interrupted',
      'redelivery.requested',
      'line.released',
      'event.abandoned',
      'attempt.invented',
      'xstate.invented',
    ),
    // Mostly the number that fits; else one that is stale or yet to come.
    off: fc.constantFrom(0, 0, 0, 0, 0, -1, -2, 1),
    budget: fc.integer({ min: 1, max: 3 }),
    holdsLine: fc.boolean(),
  })
  .map(({ type, off, budget, holdsLine }) => (context) => {
    const { attempts } = context as DeliveryContext
    const fits = type === 'attempt.started' ? attempts + 1 : attempts
    // An invented type is part of the walk: the machine must take no notice of it.
    return { ...answer, type, attempt: fits + off, budget, holdsLine } as unknown as DeliveryEvent
  })

export const deliveryWalk = fc.array(deliveryStep, { maxLength: 30 })

const headOf = (id: number): Head => ({
  eventId: `evt_${id}`,
  resting: { value: 'pending', context: initialDeliveryContext(2) },
})

const sequencerStep: fc.Arbitrary<Step<SequencerEvent>> = fc
  .record({
    type: fc.constantFrom(
      'head.arrived',
      'head.arrived',
      'head.settled',
      'head.settled',
      'head.exhausted',
      'head.rested',
      'lane.paused',
      'lane.resumed',
      'lane.resumed',
      'lane.closed',
      'lane.invented',
    ),
    id: fc.integer({ min: 1, max: 3 }),
    more: fc.boolean(),
  })
  .map(({ type, id, more }) => (context) => {
    const { head } = context as { head: string | null }
    // A lane never brings an event that is already under way.
    const next = headOf(head === `evt_${id}` ? id + 3 : id)
    return { type, head: next, next: more ? next : null } as unknown as SequencerEvent
  })

/** A lane's life: what happens to its sequencer, and to the delivery under it. */
export const laneWalk = fc.array(
  fc.oneof(
    sequencerStep.map((step) => ({ to: 'sequencer', step }) as const),
    deliveryStep.map((step) => ({ to: 'head', step }) as const),
  ),
  { maxLength: 40 },
)

export const breakerWalk = fc.array(
  fc
    .constantFrom('attempt.succeeded', 'attempt.failed', 'attempt.failed', 'cooldown.elapsed', 'breaker.invented')
    .map((type) => ({ type, reopensAt: at })),
  { maxLength: 40 },
)

/** All that can be told of a snapshot without its methods' identities. */
export function describeSnapshot(snapshot: AnyMachineSnapshot): object {
  const { status, value, context, tags, output, error, historyValue, children } = snapshot
  const described = Object.entries(children as Record<string, { getSnapshot(): AnyMachineSnapshot }>).map(
    ([id, child]) => [id, describeSnapshot(child.getSnapshot())],
  )
  return {
    keys: Object.keys(snapshot),
    ...{ status, value, context: context as unknown, tags: [...tags], output: output as unknown, error, historyValue },
    meta: snapshot.getMeta() as unknown,
    json: JSON.stringify(snapshot),
    children: described,
  }
}
