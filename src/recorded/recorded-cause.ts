// What holds an event at a moment of a recorded log: the same causes, in the same order, as for a running service.
import { isoTime } from '../clock/iso-time.ts'
import {
  backingOff,
  behindHead,
  breakerOpen,
  breakerProbing,
  causeOfState,
  endpointDisabled,
  endpointPaused,
  laterOf,
  lineHalted,
  rateLimited,
  waitingForTurn,
} from '../explain/cause.ts'
import type { Cause } from '../explain/cause.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import type { RecordedEvent } from './recorded-event.ts'
import type { RecordedState } from './recorded-state.ts'

export function recordedCause(state: RecordedState, event: RecordedEvent, resting: RestingDelivery): Cause {
  return (
    causeOfState(resting) ??
    heldByEndpoint(state, event.endpointId) ??
    heldByLine(state, event) ??
    laterOf(heldByItself(state, resting), heldByBreaker(state, event.endpointId)) ??
    heldByRateLimit(state, event) ??
    waitingForTurn
  )
}

/** The event that its line puts first: the dead letter that holds it, or the head. Null when it is the first itself. */
export function recordedBehind(state: RecordedState, event: RecordedEvent): RecordedEvent | null {
  const { waiting, haltedBy } = state.line(event.endpointId, event.laneKey, 1)
  const first = haltedBy ?? waiting[0] ?? null
  return first?.eventId === event.eventId ? null : first
}

function heldByEndpoint(state: RecordedState, endpointId: string): Cause | null {
  const { endpoint } = state.foldedEndpoint(endpointId)
  if (endpoint?.value === 'paused') return endpointPaused(endpointId)
  if (endpoint?.value !== 'disabled') return null
  return endpointDisabled(endpointId, endpoint.context.disableReason, endpoint.context.failingSince)
}

function heldByLine(state: RecordedState, event: RecordedEvent): Cause | null {
  const first = recordedBehind(state, event)
  if (first === null) return null
  if (first.status === 'deadLettered') return lineHalted(first.eventId)
  const resting = state.restingState(first.eventId)
  return resting === null ? null : behindHead(first.eventId, resting, recordedCause(state, first, resting))
}

function heldByItself(state: RecordedState, { context }: RestingDelivery): Cause | null {
  const isWaiting = context.retryAt !== null && Date.parse(context.retryAt) > state.timeMs
  return isWaiting ? backingOff(context) : null
}

function heldByBreaker(state: RecordedState, endpointId: string): Cause | null {
  const { breaker } = state.foldedEndpoint(endpointId)
  if (breaker?.value === 'open') return breakerOpen(endpointId, breaker.context.reopensAt, breaker.context.failures)
  const probes = breaker?.value === 'halfOpen' && state.events({ endpointId, status: 'delivering', limit: 1 })
  return probes !== false && probes.events.length > 0 ? breakerProbing(endpointId) : null
}

/** That a rate limit holds an event is in the log only once it has let it go. */
function heldByRateLimit(state: RecordedState, { eventId, endpointId }: RecordedEvent): Cause | null {
  const next = state.nextRecordOf(eventId)?.event
  if (next?.type !== 'attempt.started' || next.rateLimitedMs === undefined) return null
  const endMs = Date.parse(next.at)
  if (endMs - next.rateLimitedMs > state.timeMs) return null
  return rateLimited(`rate limit of endpoint ${endpointId} or of the service`, isoTime(endMs))
}
