// Why an event is where it is, from what holds it: itself, the line before it, its endpoint, or the service.
import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { EndpointLanes } from '../lane/endpoint-lanes.ts'
import { placeInLine } from '../lane/place-in-line.ts'
import type { PlaceInLine } from '../lane/place-in-line.ts'
import type { Windows } from '../lane/windows.ts'
import type { LogCondition } from '../log/log-home.ts'
import {
  backingOff,
  behindHead,
  breakerOpen,
  breakerProbing,
  causeOfState,
  closedBeforeItsTurn,
  endpointDisabled,
  endpointPaused,
  endpointUnregistered,
  laterOf,
  lineHalted,
  logHeld,
  logStopped,
  rateLimited,
  waitingForTurn,
} from './cause.ts'
import type { Cause, ExplanationReason } from './cause.ts'

export type { ExplanationReason } from './cause.ts'

export interface Explanation {
  readonly eventId: string
  readonly endpointId: string
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly lastError: string | null
  readonly reason: ExplanationReason
  /**
   * The event that its line puts first: the dead letter that holds it, or the head. Told whatever else holds the event
   * too; null when no event is before it.
   */
  readonly behind: { readonly eventId: string; readonly status: DeliveryStatus } | null
  /** How many events are before it in its line; null once it has settled, and while its endpoint is not registered. */
  readonly ahead: number | null
  /** When what it waits for ends by itself, ISO 8601; null when only an answer or a person can end it. */
  readonly until: string | null
  /** The same, for people. */
  readonly text: string
}

export interface ExplainPorts {
  readonly clock: Clock
  /** Whether the service still gives turns. */
  readonly running: boolean
  /** The endpoint's lanes; undefined when it is not registered. */
  readonly lanes: EndpointLanes | undefined
  /** How long the service's rate limit holds the next attempt of any endpoint; 0 when it does not. */
  readonly rateLimitWaitMs: number
  /** Null where memory holds all that waits. */
  readonly windows: Windows | null
  readonly logCondition: LogCondition
}

export function explainEvent(record: EventRecord, ports: ExplainPorts): Explanation {
  const { value, context } = record.state
  const place = placeInLine(record, ports.lanes, ports.windows)
  const { reason, until, text } = causeOf(record, place.first, ports)
  const { first, ahead } = place
  return {
    eventId: record.id,
    endpointId: record.endpointId,
    status: value,
    attempts: context.attempts,
    lastError: context.lastError,
    reason,
    behind: first === null ? null : { eventId: first.id, status: first.state.value },
    ahead,
    until,
    text,
  }
}

function causeOf(record: EventRecord, first: PlaceInLine['first'], ports: ExplainPorts): Cause {
  const told = causeOfState(record.state)
  // What was in flight when a process ended that is no more has no line, and waits.
  const isWaiting = told === null || (told.reason === 'inFlight' && record.lane === null)
  return isWaiting ? causeOfWaiting(record, first, ports) : told
}

function causeOfWaiting(record: EventRecord, first: PlaceInLine['first'], ports: ExplainPorts): Cause {
  const { running, lanes } = ports
  if (!running) return closedBeforeItsTurn
  if (lanes === undefined) return endpointUnregistered(record.endpointId)
  return (
    heldByEndpoint(lanes) ??
    heldByLine(first, ports) ??
    heldByLog(ports) ??
    laterOf(heldByItself(record), heldByBreaker(lanes)) ??
    heldByRateLimit(lanes, ports) ??
    waitingForTurn
  )
}

function heldByLog({ logCondition }: ExplainPorts): Cause | null {
  if (logCondition === 'writable') return null
  return logCondition === 'held' ? logHeld : logStopped
}

function heldByEndpoint({ endpoint, health }: EndpointLanes): Cause | null {
  const { disableReason, failingSince } = health.details
  switch (health.state) {
    case 'disabled':
      return endpointDisabled(endpoint.id, disableReason, failingSince)
    case 'paused':
      return endpointPaused(endpoint.id)
    case 'active':
      return null
  }
}

/** Whatever holds the head of the line holds those behind it. */
function heldByLine(first: PlaceInLine['first'], ports: ExplainPorts): Cause | null {
  if (first === null) return null
  if (first.lane === null && first.resting.context.holdsLine) return lineHalted(first.id)
  return behindHead(first.id, first.state, causeOf(first, null, ports))
}

/** Asks the line's own timer, not the wall clock: that may have been set since. */
function heldByItself(record: EventRecord): Cause | null {
  const { context } = record.state
  return context.retryAt === null || record.lane?.asleep !== true ? null : backingOff(context)
}

function heldByBreaker({ health, inFlight, endpoint }: EndpointLanes): Cause | null {
  const { breaker } = health.details
  if (breaker?.state === 'open') return breakerOpen(endpoint.id, breaker.reopensAt, breaker.failures)
  return breaker?.state === 'halfOpen' && inFlight > 0 ? breakerProbing(endpoint.id) : null
}

/** Of two limits that hold it, by the one that does so longer. */
function heldByRateLimit({ rateLimitWaitMs, endpoint }: EndpointLanes, ports: ExplainPorts): Cause | null {
  const waitMs = Math.max(rateLimitWaitMs, ports.rateLimitWaitMs)
  if (waitMs === 0) return null
  const limit = waitMs > ports.rateLimitWaitMs ? `rate limit of endpoint ${endpoint.id}` : "service's rate limit"
  return rateLimited(limit, isoTime(ports.clock.now() + waitMs))
}
