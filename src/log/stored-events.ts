import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import type { DivergenceError } from '../errors/errors.ts'
import type { SubmittedTransition } from '../event/event-record.ts'

/** An event as its records tell of it, read back from its home. */
export interface StoredEvent {
  readonly submitted: SubmittedTransition
  readonly state: RestingDelivery
  /**
   * The record that put it in its line: its submission, or the redelivery that took it up when it had settled. One that
   * held its line keeps its place when it is redelivered.
   */
  readonly joinedSeq: number
  /** When its last record was written, ISO 8601. */
  readonly lastAt: string
}

/** An event whose records were changed behind the home's back, or do not follow from one another. It is never delivered. */
export interface DamagedEvent {
  readonly eventId: string
  readonly endpointId: string
  /** Empty when its first record is the damaged one. */
  readonly eventType: string
  readonly joinedSeq: number
  /** Of its body, where it counted among what waits; else 0. */
  readonly bytes: number
  readonly error: DivergenceError
}

/** What waits for one endpoint in all its lines. */
export interface StoredBacklog {
  readonly endpointId: string
  /** Events that are not settled, and the bytes of their bodies. */
  readonly events: number
  readonly bytes: number
  /** Lines that a dead letter holds. */
  readonly heldLines: number
}

export interface WaitingQuery {
  readonly endpointId: string
  /** Only those of this line; all of the endpoint's when it is left out. */
  readonly laneKey?: string | undefined
  /** Only those that joined after this record; 0 for all. */
  readonly afterSeq: number
  /** At least 1. */
  readonly limit: number
}

/** Both lists by `joinedSeq`; together at most as many as were asked for, and fewer only when there are no more. */
export interface WaitingPage {
  readonly events: readonly StoredEvent[]
  readonly damaged: readonly DamagedEvent[]
}

export interface ScanQuery {
  /** By submission. */
  readonly order: 'newest' | 'oldest'
  /** Only those submitted after this record, in that order: with `'newest'`, by a record with a lower `seq`. */
  readonly afterSeq: number
  /** How many to look at; at least 1. */
  readonly limit: number
  /** What is asked for. A home may leave out what does not fit by all that is committed, and need not: whoever asks looks again. */
  readonly wanted?: WantedEvents | undefined
}

/** Bounds of what `listEvents` is asked for: all that fits is within them, and not all within them fits. */
export interface WantedEvents {
  /** Null: any. */
  readonly ofEndpoint: ((endpointId: string) => boolean) | null
  readonly statuses: ReadonlySet<DeliveryStatus> | null
  /** From the first type to the last, by their bytes; null: any. */
  readonly types: readonly [first: string, last: string] | null
  /** Milliseconds since the Unix epoch: from the first on, up to the second; infinite where there is no bound. */
  readonly submittedFromMs: number
  readonly submittedUntilMs: number
}

/** An event by what a home keeps ready of it. Null is what only its records tell: `find` reads them. */
export interface ScannedEvent {
  /** Of the record that submitted it. */
  readonly seq: number
  readonly eventId: string
  readonly endpointId: string
  readonly eventType: string | null
  /** Milliseconds since the Unix epoch. */
  readonly submittedAtMs: number | null
  /** Of one that has settled, never null. */
  readonly status: DeliveryStatus | null
  /** ISO 8601; null while it is not settled. */
  readonly settledAt: string | null
}

export interface ScannedPage {
  /** In the order asked for, of those that were looked at. Those that are damaged may be among them. */
  readonly events: readonly ScannedEvent[]
  /** Where the next page begins, as many as were to be looked at from here; null when there is nothing more. */
  readonly lastSeq: number | null
}

export interface StoredTotals {
  /** Ever submitted, and attempts ever started, evicted events included. */
  readonly submitted: number
  readonly attempts: number
  /** Of the settled events kept, by state. */
  readonly settled: Readonly<Record<'delivered' | 'failed' | 'deadLettered', number>>
}

/** What settled events are kept. */
export interface SweepPolicy {
  /** At most so many that were delivered or failed, and so many dead letters; the oldest go first. */
  readonly settledEvents: number
  readonly deadLetters: number
  /** Those that settled before are removed, in milliseconds since the Unix epoch. */
  readonly settledBeforeMs: number
  readonly deadLettersBeforeMs: number
}

export interface Swept {
  /** Events removed, whole, by the state they were in. */
  readonly removed: Readonly<Record<'delivered' | 'failed' | 'deadLettered', number>>
  /** Whether the policy asks for more: the next step may be taken soon. */
  readonly more: boolean
}

/**
 * What a home that outlives the process keeps ready about its events, so that memory need not hold them all. It tells of
 * what is committed, and of nothing that was appended since: whoever needs both holds on to what was not committed yet.
 *
 * All methods throw StorageError when the home cannot be read.
 */
export interface StoredEvents {
  has(eventId: string): boolean
  /** Null when there is none. @throws DivergenceError when its records are damaged */
  find(eventId: string): StoredEvent | null
  /** The event that the endpoint was sent under an idempotency key. @throws DivergenceError */
  findByIdempotencyKey(endpointId: string, key: string): StoredEvent | null
  /** Endpoints with something waiting, or a line that is held. */
  backlogs(): readonly StoredBacklog[]
  /**
   * Events that are not settled, and dead letters that hold their line (first in it), in the order in which they joined. What is damaged is
   * taken out of its line for good.
   */
  waiting(query: WaitingQuery): WaitingPage
  /** How many that wait in its line joined before `joinedSeq`; the one that holds the line counts. */
  countAhead(endpointId: string, laneKey: string, joinedSeq: number): number
  /** An endpoint's dead letters, those that settled first first, those that hold a line too. Damaged ones are left out. */
  deadLetters(endpointId: string): readonly StoredEvent[]
  /** How many dead letters an endpoint has, those that hold a line and damaged ones too. Cheap: it is asked for many endpoints at once. */
  countDeadLetters(endpointId: string): number
  /** Events that are not settled, in the order of submission; at most `limit`. */
  unsettled(limit: number): readonly { readonly eventId: string; readonly endpointId: string }[]
  /** The last place given in a line of an ordering key, or (`''`) to an event of the endpoint that has no such line; 0 for none. */
  lastSequence(endpointId: string, laneKey: string): number
  /** All events, in the order of submission, page by page. */
  scan(query: ScanQuery): ScannedPage
  totals(): StoredTotals
  /** One small step of retention: removes some whole events that the policy does not keep, and never one that waits or holds a line. */
  sweep(policy: SweepPolicy): Swept
}

/** The states that `StoredTotals` and `Swept` count. */
export type SettledStatus = Extract<DeliveryStatus, 'delivered' | 'failed' | 'deadLettered'>
