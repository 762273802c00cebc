// Why an event is where it is, from what holds it: itself, the line before it, its endpoint, or the service.
import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import { aheadOf } from '../event/event-details.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { HealthDetails } from '../health/endpoint-health.ts'
import type { EndpointLanes } from '../lane/endpoint-lanes.ts'

/** What an event waits for, or why it waits no more. */
export type ExplanationReason =
  | 'delivered'
  | 'failed'
  | 'deadLettered'
  | 'inFlight' // a request is under way
  | 'serviceClosed' // the service was shut down before its turn
  | 'endpointUnregistered' // the service was restarted, and its endpoint was not registered again yet
  | 'endpointDisabled'
  | 'endpointPaused'
  | 'lineHalted' // a dead letter holds the line until a person decides
  | 'behind' // other events of its line come first
  | 'backoff' // its last attempt failed and the next is not due
  | 'breakerOpen'
  | 'rateLimited'
  | 'waitingForTurn' // it is next; other endpoints have the requests in flight, or a claim to them

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

interface Cause {
  readonly reason: ExplanationReason
  readonly until?: string | null
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
}

export function explainEvent(record: EventRecord, ports: ExplainPorts): Explanation {
  const { value, context } = record.state
  const { reason, until, text } = causeOf(record, ports)
  const behind = behindOf(record)
  return {
    eventId: record.id,
    endpointId: record.endpointId,
    status: value,
    attempts: context.attempts,
    lastError: context.lastError,
    reason,
    behind: behind === null ? null : { eventId: behind.id, status: behind.state.value },
    ahead: aheadOf(record),
    until: until ?? null,
    text,
  }
}

function causeOf(record: EventRecord, ports: ExplainPorts): Cause {
  const { value, context } = record.state
  const error = context.lastError ?? 'no reason recorded'
  switch (value) {
    case 'delivered':
      return { reason: 'delivered', text: `delivered on attempt ${context.attempts} at ${context.deliveredAt ?? ''}` }
    case 'failed':
      return { reason: 'failed', text: `failed for good: ${error}` }
    case 'deadLettered':
      return { reason: 'deadLettered', text: `given up after ${countOf(context.attempts)}; the last one: ${error}` }
    case 'delivering':
      // Without a line it was in flight when a process ended that is no more.
      if (record.lane !== null) return { reason: 'inFlight', text: `attempt ${context.attempts} is in flight` }
      return causeOfWaiting(record, ports)
    case 'pending':
    case 'backoff':
      return causeOfWaiting(record, ports)
  }
}

function causeOfWaiting(record: EventRecord, ports: ExplainPorts): Cause {
  const { running, lanes } = ports
  if (!running) return { reason: 'serviceClosed', text: 'the service was shut down before its turn' }
  if (lanes === undefined) {
    const text = `endpoint ${record.endpointId} was not registered again after a restart; registerEndpoint with its id lets its line go on`
    return { reason: 'endpointUnregistered', text }
  }
  return (
    heldByEndpoint(lanes) ??
    heldByLine(record, ports) ??
    laterOf(heldByItself(record), heldByBreaker(lanes)) ??
    heldByRateLimit(lanes, ports) ??
    waitingForTurn
  )
}

function heldByEndpoint({ endpoint, health }: EndpointLanes): Cause | null {
  switch (health.state) {
    case 'disabled':
      return {
        reason: 'endpointDisabled',
        text: `endpoint ${endpoint.id} is disabled, because ${disabledBecause(health.details)}; resumeEndpoint lets its line go on`,
      }
    case 'paused':
      return { reason: 'endpointPaused', text: `endpoint ${endpoint.id} is paused; resumeEndpoint lets its line go on` }
    case 'active':
      return null
  }
}

function disabledBecause({ disableReason, failingSince }: HealthDetails): string {
  return disableReason === 'failing' ? `it has only failed since ${failingSince ?? ''}` : 'it answered 410'
}

const ordinary: ReadonlySet<ExplanationReason> = new Set(['inFlight', 'backoff', 'waitingForTurn'])

/** Whatever holds the head of the line holds those behind it. */
function heldByLine(record: EventRecord, ports: ExplainPorts): Cause | null {
  const first = behindOf(record)
  if (first === null) return null
  if (first === record.lane?.haltedBy) {
    const text = `dead letter ${first.id} holds the line; redeliver it, or resumeEndpoint to go on without it`
    return { reason: 'lineHalted', text }
  }
  const cause = causeOf(first, ports)
  // Of what its state says already there is no need to say more.
  const more = ordinary.has(cause.reason) ? '' : `: ${cause.text}`
  const text = `behind event ${first.id}, which is ${progressOf(first)}${more}`
  return { reason: 'behind', until: cause.until ?? null, text }
}

function progressOf({ state: { value, context } }: EventRecord): string {
  const { attempts, retryAt } = context
  if (value === 'delivering') return `delivering, on attempt ${attempts}`
  const state = value === 'backoff' ? `in backoff until ${retryAt ?? ''}` : value
  return `${state} after ${countOf(attempts)}`
}

function countOf(attempts: number): string {
  return attempts === 1 ? '1 attempt' : `${attempts} attempts`
}

function behindOf(record: EventRecord): EventRecord | null {
  const { lane } = record
  if (lane === null) return null
  const first = lane.haltedBy ?? lane.waiting.first
  return first === record ? null : first
}

/** Asks the line's own timer, not the wall clock: that may have been set since. */
function heldByItself(record: EventRecord): Cause | null {
  const { attempts, lastError, retryAt } = record.state.context
  if (retryAt === null || record.lane?.asleep !== true) return null
  const text = `attempt ${attempts} failed (${lastError ?? ''}); attempt ${attempts + 1} is due at ${retryAt}`
  return { reason: 'backoff', until: retryAt, text }
}

function heldByBreaker({ health, inFlight, endpoint }: EndpointLanes): Cause | null {
  const { breaker } = health.details
  if (breaker?.state === 'open') {
    const text = `the breaker of endpoint ${endpoint.id} is open until ${breaker.reopensAt ?? ''}, after ${breaker.failures} failed attempts in a row`
    return { reason: 'breakerOpen', until: breaker.reopensAt, text }
  }
  if (breaker?.state === 'halfOpen' && inFlight > 0) {
    const text = `the breaker of endpoint ${endpoint.id} is half open, and waits for the answer to its probe`
    return { reason: 'breakerOpen', text }
  }
  return null
}

/** Of two causes that both hold an event, the one that ends last. */
function laterOf(one: Cause | null, other: Cause | null): Cause | null {
  if (one === null || other === null) return one ?? other
  return Date.parse(one.until ?? '') > Date.parse(other.until ?? '') ? one : other
}

/** Of two limits that hold it, by the one that does so longer. */
function heldByRateLimit({ rateLimitWaitMs, endpoint }: EndpointLanes, ports: ExplainPorts): Cause | null {
  const waitMs = Math.max(rateLimitWaitMs, ports.rateLimitWaitMs)
  if (waitMs === 0) return null
  const limit = waitMs > ports.rateLimitWaitMs ? `rate limit of endpoint ${endpoint.id}` : "service's rate limit"
  const until = isoTime(ports.clock.now() + waitMs)
  return { reason: 'rateLimited', until, text: `the ${limit} holds it until ${until}` }
}

const waitingForTurn: Cause = {
  reason: 'waitingForTurn',
  text: 'it is next in its line and waits for its turn among the endpoints',
}
