// An endpoint or its breaker as viewers see it: its own statechart, which has no effects.
import { createActor } from 'xstate'
import type { AnyStateMachine, InspectionEvent, Observer } from 'xstate'
import { breakerMachine } from '../../../machines/breaker.ts'
import { endpointMachine } from '../../../machines/endpoint.ts'
import { breakerChart, endpointChart } from '../../health/charts.ts'
import type { EndpointTransition } from '../../log/transition.ts'
import { foldEndpoint } from '../../replay/fold-endpoint.ts'
import type { FoldedEndpoint } from '../../replay/fold-endpoint.ts'
import type { Shadow } from './recent-shadows.ts'

export interface ChartShadow extends Shadow {
  /** Takes a step. Returns the state after it. */
  take(event: EndpointTransition['event']): string
}

/** What a record's endpoint is called by viewers: `endpoint ep_1`, `breaker ep_1`. */
export function chartName({ endpointId, machine }: EndpointTransition): string {
  return `${machine === breakerChart.version ? 'breaker' : 'endpoint'} ${endpointId}`
}

/**
 * Starts a chart in the state it had before `record`.
 *
 * @param history the endpoint's own records, oldest first; those from `record` on are not read
 * @throws DivergenceError when they do not follow from one another
 */
export function startChart(
  record: EndpointTransition,
  history: Iterable<EndpointTransition>,
  inspect: Observer<InspectionEvent>,
): ChartShadow {
  const isBreaker = record.machine === breakerChart.version
  const machine: AnyStateMachine = isBreaker ? breakerMachine : endpointMachine
  const folded = foldBefore(record, history)
  const { context } = isBreaker
    ? (folded?.breaker ?? breakerChart.initial)
    : (folded?.endpoint ?? endpointChart.initial)
  // Where retention has removed the first records, the first that is left is believed where it says it comes from.
  const snapshot = machine.resolveState({ value: record.from, context })
  const actor = createActor(machine, { id: chartName(record), inspect, snapshot })
  // Without an error observer, an error in here would end the process.
  actor.subscribe({ error: () => undefined })
  actor.start()
  return {
    take(event) {
      actor.send(event)
      return String(actor.getSnapshot().value)
    },
    stop() {
      actor.stop()
    },
  }
}

function foldBefore(record: EndpointTransition, history: Iterable<EndpointTransition>): FoldedEndpoint | undefined {
  let folded: FoldedEndpoint | undefined
  for (const transition of history) {
    if (transition.seq >= record.seq) break
    folded = foldEndpoint(folded, transition)
  }
  return folded
}

/** Whether a record leaves the endpoint's lines standing: paused, disabled or removed. */
export function holdsLanes({ machine, to }: EndpointTransition): boolean {
  return machine === endpointChart.version && (to === 'paused' || to === 'disabled' || to === 'removed')
}

/** Whether it lets them go on. */
export function letsLanesGo({ event }: EndpointTransition): boolean {
  return event.type === 'endpoint.resumed'
}
