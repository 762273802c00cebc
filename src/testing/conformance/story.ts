// Records that follow from one another, as the statecharts say.
import { initialDeliveryContext } from '../../../machines/delivery.ts'
import type { DeliveryEvent } from '../../../machines/delivery.ts'
import type { RestingDelivery } from '../../../machines/sequencer.ts'
import { isoTime } from '../../clock/iso-time.ts'
import type { EndpointTransitionDraft, EventSubmitted, TransitionDraft } from '../../log/transition.ts'
import type { Resting, RestingChart } from '../../statechart/resting-chart.ts'
import { restAfter } from '../../statechart/resting-delivery.ts'
import { submission } from './sample-drafts.ts'

/** The record of an event's step from `before`. */
export function nextStep(
  eventId: string,
  endpointId: string,
  before: RestingDelivery,
  event: DeliveryEvent,
): { readonly draft: TransitionDraft; readonly state: RestingDelivery } {
  const state = restAfter(before, event)
  if (state === null) throw new Error(`${event.type} changes nothing while an event is ${before.value}`)
  const { value: to, context } = state
  const { attempts } = context
  const draft = { at: event.at, endpointId, eventId, event, from: before.value, to, attempts, machine: 'delivery@1' }
  return { draft, state }
}

/** An event's records: its submission, and what became of it. */
export function eventStory(
  eventId: string,
  endpointId: string,
  submitted: Partial<EventSubmitted>,
  events: readonly DeliveryEvent[],
): readonly TransitionDraft[] {
  const drafts = [submission(eventId, endpointId, submitted)]
  let state: RestingDelivery = { value: 'pending', context: initialDeliveryContext(submitted.budget ?? 3) }
  for (const event of events) {
    const next = nextStep(eventId, endpointId, state, event)
    drafts.push(next.draft)
    state = next.state
  }
  return drafts
}

/** An endpoint's records of one machine. */
export function endpointStory<
  TValue extends EndpointTransitionDraft['from'],
  TContext,
  TEvent extends EndpointTransitionDraft['event'],
>(
  endpointId: string,
  chart: RestingChart<TValue, TContext, TEvent>,
  events: readonly TEvent[],
): readonly EndpointTransitionDraft[] {
  let state: Resting<TValue, TContext> = chart.initial
  return events.map((event) => {
    const after = chart.step(state, event)
    if (after === null) throw new Error(`${event.type} changes nothing while ${endpointId} is ${state.value}`)
    const { value: from } = state
    state = after
    return { at: event.at, endpointId, eventId: '', event, from, to: after.value, attempts: 0, machine: chart.version }
  })
}

/** The time of a story's step: a second after the one before. */
export function storyTime(second: number): string {
  return isoTime(1_735_689_600_000 + second * 1000)
}
