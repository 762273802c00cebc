import type { BreakerEvent, BreakerState } from '../../machines/breaker.ts'
import type { DeliveryEvent, DeliveryStatus } from '../../machines/delivery.ts'
import type { EndpointEvent, EndpointStatus } from '../../machines/endpoint.ts'
import type { Ordering } from '../endpoint/endpoint-options.ts'

/** The first record of every event: what was submitted, and its place in line. */
export interface EventSubmitted {
  readonly type: 'event.submitted'
  readonly at: string
  readonly eventType: string
  /** The exact JSON text that is signed and sent on every attempt. */
  readonly body: string
  /** Whether `body` is the payload alone, or the payload in its envelope. */
  readonly form: 'payload' | 'envelope'
  /** Place in its lane, from 1. */
  readonly sequence: number
  readonly orderingKey: string | null
  /** How its endpoint's events wait for each other; absent with `'fifo'`, where all are in one line. */
  readonly ordering?: Exclude<Ordering, 'fifo'>
  readonly idempotencyKey: string | null
  /** How many attempts it may use. */
  readonly budget: number
}

export type LoggedEvent = EventSubmitted | DeliveryEvent

/** A record of an event: from which state it moved to which, why, and when. Never changed once appended. */
export interface Transition {
  /** Strictly increasing. Other records take numbers too, and retention, or `removeEvent`, removes some. */
  readonly seq: number
  /** ISO 8601. */
  readonly at: string
  readonly endpointId: string
  readonly eventId: string
  /** The machine event that caused the transition, whole. */
  readonly event: LoggedEvent
  /** Null in the event's first record. */
  readonly from: DeliveryStatus | null
  readonly to: DeliveryStatus
  /** Requests started so far, this transition included. */
  readonly attempts: number
  /** The machine and its version: `delivery@1`. */
  readonly machine: string
}

/**
 * A record of an endpoint's own: whether it is in use (`endpoint@1`), or what its breaker does (`breaker@1`). Numbered
 * together with the events' records, and never changed either.
 */
export interface EndpointTransition extends Pick<Transition, 'seq' | 'at' | 'endpointId' | 'machine'> {
  /** It is about no single event. */
  readonly eventId: ''
  readonly event: EndpointEvent | BreakerEvent
  readonly from: EndpointStatus | BreakerState
  readonly to: EndpointStatus | BreakerState
  readonly attempts: 0
}

/** One record of the log. */
export type LogRecord = Transition | EndpointTransition

/** A transition that the log has not numbered yet. */
export type TransitionDraft = Omit<Transition, 'seq'>

/** An endpoint's transition that the log has not numbered yet. */
export type EndpointTransitionDraft = Omit<EndpointTransition, 'seq'>

/** Whether a record is an endpoint's own, and not an event's. */
export function isEndpointTransition(record: LogRecord): record is EndpointTransition {
  return record.eventId === ''
}
