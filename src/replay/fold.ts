// Folds records back into states. The same machine, step by step, with no effect; whatever the record claims is checked.
import { initialDeliveryContext } from '../../machines/delivery.ts'
import type { DeliveryEvent } from '../../machines/delivery.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import { DivergenceError } from '../errors/errors.ts'
import type { EventSubmitted, Transition } from '../log/transition.ts'
import { deliveryVersion, restAfter } from '../statechart/resting-delivery.ts'
import { isTypedEvent } from './typed-event.ts'

/** The state after `transition`, given the state before it (null for an event's first record). */
export function foldTransition(before: RestingDelivery | null, transition: Transition): RestingDelivery {
  if (!isTypedEvent(transition.event)) throw diverged(transition, 'it holds no event')
  if (transition.machine !== deliveryVersion) {
    throw diverged(transition, `it was written by ${transition.machine}, and this is ${deliveryVersion}`)
  }
  if (transition.from !== (before?.value ?? null)) {
    throw diverged(transition, `it leaves ${transition.from ?? 'nothing'}, but the event is ${before?.value ?? 'new'}`)
  }
  const after = before === null ? submitted(transition) : stepped(before, transition)
  if (after.value !== transition.to) {
    throw diverged(transition, `it claims to lead to ${transition.to}, but leads to ${after.value}`)
  }
  if (after.context.attempts !== transition.attempts) {
    throw diverged(transition, `it counts ${transition.attempts} attempts, but there are ${after.context.attempts}`)
  }
  return after
}

/** The state that one event's records lead to. */
export function foldEvent(transitions: Iterable<Transition>): RestingDelivery | null {
  let state: RestingDelivery | null = null
  for (const transition of transitions) state = foldTransition(state, transition)
  return state
}

function submitted(transition: Transition): RestingDelivery {
  const { event } = transition
  if (event.type !== 'event.submitted') throw diverged(transition, `an event cannot begin with ${event.type}`)
  checkFields(transition)
  return { value: 'pending', context: initialDeliveryContext(event.budget) }
}

function stepped(before: RestingDelivery, transition: Transition): RestingDelivery {
  checkFields(transition)
  const after = restAfter(before, transition.event as DeliveryEvent) // what is none, the machine takes no notice of
  if (after === null) {
    throw diverged(transition, `${transition.event.type} changes nothing while the event is ${before.value}`)
  }
  return after
}

/** What the machine takes from an event, it takes as it is; a record from a file may lack it. */
function checkFields(transition: Transition): void {
  const { event } = transition
  const failure: { readonly message?: unknown } | null = 'failure' in event ? event.failure : null
  if (needsFailure.has(event.type) && typeof failure?.message !== 'string') {
    throw diverged(transition, 'its event has no failure')
  }
  const needsBudget = event.type === 'event.submitted' || event.type === 'redelivery.requested'
  if (needsBudget && !Number.isSafeInteger(event.budget)) throw diverged(transition, 'its event has no budget')
  if (event.type === 'event.submitted') checkPlace(transition, event)
}

/** What says where an event belongs: its line, and its place there. */
function checkPlace(transition: Transition, event: { readonly [Field in keyof EventSubmitted]: unknown }): void {
  const { eventType, sequence, orderingKey, ordering } = event
  if (typeof eventType !== 'string') throw diverged(transition, 'its event has no type of its own')
  if (!Number.isSafeInteger(sequence)) throw diverged(transition, 'its event has no place in line')
  const isKey = orderingKey === null || typeof orderingKey === 'string'
  const isOrdering = ordering === undefined || ordering === 'key' || ordering === 'none'
  if (!isKey || !isOrdering) throw diverged(transition, 'its event does not say in which line it is')
}

const needsFailure: ReadonlySet<string> = new Set([
  'attempt.failed',
  'attempt.rejected',
  'attempt.interrupted',
  'event.abandoned',
])

function diverged(transition: Transition, why: string): DivergenceError {
  return new DivergenceError(
    `record ${transition.seq} of event ${transition.eventId} does not follow: ${why}`,
    transition.seq,
  )
}
