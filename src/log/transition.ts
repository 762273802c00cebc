import type { DeliveryEvent, DeliveryStatus } from '../../machines/delivery.ts'

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
  readonly idempotencyKey: string | null
  /** How many attempts it may use. */
  readonly budget: number
}

export type LoggedEvent = EventSubmitted | DeliveryEvent

/** One record of the log: which event moved from which state to which, why, and when. Never changed once appended. */
export interface Transition {
  /** Strictly increasing; gaps are what retention evicted. */
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

/** A transition that the log has not numbered yet. */
export type TransitionDraft = Omit<Transition, 'seq'>
