import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { Ordering } from '../endpoint/endpoint-options.ts'
import type { EndpointHistory, Observation } from './endpoint-history.ts'
import type { Tally } from './tally.ts'

/** What was asked of a service, in the order in which it was; and what its endpoints did. Events and endpoints are numbered from 0. */
export interface Recording {
  readonly endpoints: readonly RecordedEndpoint[]
  readonly events: readonly RecordedEvent[]
  /** Submissions, and what people did. */
  readonly happenings: readonly Happening[]
  /** What came of it. */
  readonly tally: Tally
  /** Wall-clock time of the first record; 0 when there is none. */
  readonly startMs: number
  readonly records: number
  /** How many answers are taken to have asked for a pause (`Retry-After`). */
  readonly retryAfters: number
}

export interface RecordedEndpoint {
  readonly endpointId: string
  ordering: Ordering
  /** Whether a dead letter held one of its lines. */
  halts: boolean
  removed: boolean
  readonly history: EndpointHistory
}

export interface RecordedEvent {
  readonly eventId: string
  readonly endpoint: number
  readonly eventType: string
  readonly orderingKey: string | null
  /** Null: none. */
  refusals: Refusal[] | null
}

/** An answer that is about the event, and not about the endpoint's health: it gets it again whenever it is tried. */
export interface Refusal {
  readonly observation: Observation
  /** A person redelivered it then, and what it was refused for may have been mended. */
  endsMs: number
}

export type Happening =
  | { readonly kind: 'submitted'; readonly atMs: number; readonly event: number }
  | {
      readonly kind: 'redelivered'
      readonly atMs: number
      readonly event: number
      /** What it was when it was redelivered. */
      readonly from: DeliveryStatus | null
    }
  | {
      readonly kind: 'paused' | 'resumed' | 'removed' | 'gone' | 'autoDisabled'
      readonly atMs: number
      readonly endpoint: number
    }
