// Folds the records of endpoints' own steps back into their state, checking each step, as `fold.ts` does for events.
import type { BreakerEvent } from '../../machines/breaker.ts'
import type { DisableReason, EndpointEvent } from '../../machines/endpoint.ts'
import { DivergenceError } from '../errors/errors.ts'
import { breakerChart, endpointChart } from '../health/charts.ts'
import type { RestingBreaker, RestingEndpoint } from '../health/charts.ts'
import type { EndpointTransition } from '../log/transition.ts'
import type { Resting, RestingChart } from '../statechart/resting-chart.ts'
import { isTypedEvent } from './typed-event.ts'

/** One endpoint as its own records tell of it. One that has none was never paused, disabled or failing for long. */
export interface ReplayedEndpoint {
  readonly endpointId: string
  readonly state: RestingEndpoint['value']
  readonly failingSince: string | null
  readonly disableAt: string | null
  readonly disableReason: DisableReason | null
  /** `closed` also where there is no breaker. */
  readonly breaker: RestingBreaker['value']
  readonly reopensAt: string | null
}

/** What an endpoint's records so far lead to; null where there are none yet. */
export interface FoldedEndpoint {
  readonly endpoint: RestingEndpoint | null
  readonly breaker: RestingBreaker | null
}

const unfoldedEndpoint: FoldedEndpoint = { endpoint: null, breaker: null }

/** The state after `transition`, given the state before it (undefined for an endpoint's first record). */
export function foldEndpoint(known: FoldedEndpoint | undefined, transition: EndpointTransition): FoldedEndpoint {
  const before = known ?? unfoldedEndpoint
  if (!isTypedEvent(transition.event)) throw diverged(transition, 'it holds no event')
  // That the event and the state are the chart's own is what the step finds out.
  switch (transition.machine) {
    case endpointChart.version: {
      const event = transition.event as EndpointEvent
      const endpoint = stepped(endpointChart, beforeRemoval(before.endpoint), transition, event)
      // With the endpoint goes its breaker; another one under the same id has one of its own.
      return endpoint.value === 'removed' ? { endpoint, breaker: null } : { ...before, endpoint }
    }
    case breakerChart.version: {
      const event = transition.event as BreakerEvent
      return { ...before, breaker: stepped(breakerChart, before.breaker, transition, event) }
    }
    default:
      throw diverged(
        transition,
        `it was written by ${transition.machine}, and this is ${endpointChart.version} and ${breakerChart.version}`,
      )
  }
}

export function describeFolded(endpointId: string, { endpoint, breaker }: FoldedEndpoint): ReplayedEndpoint {
  const { value, context } = endpoint ?? endpointChart.initial
  const { value: breakerState, context: breakerContext } = breaker ?? breakerChart.initial
  return {
    endpointId,
    state: value,
    failingSince: context.failingSince,
    disableAt: context.disableAt,
    disableReason: context.disableReason,
    breaker: breakerState,
    reopensAt: breakerContext.reopensAt,
  }
}

/** Under the id of an endpoint that was removed, another one begins from nothing. */
function beforeRemoval(endpoint: RestingEndpoint | null): RestingEndpoint | null {
  return endpoint?.value === 'removed' ? null : endpoint
}

/** Retention may have removed the first records, so the first that is left is believed where it says it comes from. */
function stepped<TValue extends string, TContext, TEvent>(
  chart: RestingChart<TValue, TContext, TEvent>,
  before: Resting<TValue, TContext> | null,
  transition: EndpointTransition,
  event: TEvent,
): Resting<TValue, TContext> {
  const { from, to } = transition
  if (before !== null && before.value !== from) throw diverged(transition, `it leaves ${from}, not ${before.value}`)
  if (!chart.states.has(from)) throw diverged(transition, `there is no state ${from}`)
  const after = chart.step(before ?? { value: from as TValue, context: chart.initial.context }, event)
  if (after === null) throw diverged(transition, `${transition.event.type} changes nothing in state ${from}`)
  if (after.value !== to) throw diverged(transition, `it claims to lead to ${to}, but leads to ${after.value}`)
  return after
}

function diverged(transition: EndpointTransition, why: string): DivergenceError {
  const { seq, endpointId } = transition
  return new DivergenceError(`record ${seq} of endpoint ${endpointId} does not follow: ${why}`, seq)
}
