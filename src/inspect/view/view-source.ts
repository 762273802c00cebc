// What the viewer shows, as plain data: from a running service or from a recorded log, the page cannot tell the difference.
import type { BreakerState } from '../../../machines/breaker.ts'
import type { DeliveryStatus } from '../../../machines/delivery.ts'
import type { DisableReason, EndpointStatus } from '../../../machines/endpoint.ts'
import type { ExplanationReason } from '../../explain/explain.ts'
import type { EventPage, EventQuery, RecordedEvent } from '../../recorded/recorded-event.ts'
import type { RecordView } from './record-view.ts'

/** One event in a list. */
export type DeliveryRow = RecordedEvent

export type StatusCounts = Readonly<Record<DeliveryStatus, number>>

/** One endpoint in a list. */
export interface EndpointRow {
  readonly endpointId: string
  /** Without its query unless payloads are shown. Null in a recorded log, which does not hold it. */
  readonly url: string | null
  readonly state: EndpointStatus
  readonly failingSince: string | null
  readonly disableAt: string | null
  readonly disableReason: DisableReason | null
  /** Null where there is none, or a recorded log has no record of one. */
  readonly breaker: BreakerState | null
  readonly reopensAt: string | null
  readonly events: StatusCounts
}

export interface Overview {
  readonly kind: 'live' | 'recorded'
  /** The name of the log's file; empty for a service. */
  readonly name: string
  /** The first and last record there is; 0 when there is none. */
  readonly firstSeq: number
  readonly lastSeq: number
  /** The moment that is shown: its record, and its time; null before the first. */
  readonly seq: number
  readonly at: string | null
  readonly counts: StatusCounts
  /** Those in trouble first, then those with most events unsettled. */
  readonly endpoints: readonly EndpointRow[]
  /** How many there are beside those listed. */
  readonly moreEndpoints: number
  /** What of a recorded log could not be read. */
  readonly problem: string | null
  /** Whether payloads and answers are shown. */
  readonly payloads: boolean
}

/** The line of an event: those at its front, and those around the event. */
export interface LineView {
  readonly laneKey: string
  /** How many events wait in it, the head included. */
  readonly length: number
  /** The event's own place, from 0; null when it does not wait. */
  readonly place: number | null
  readonly members: readonly LineMember[]
  /** The dead letter that holds the line until a person decides. */
  readonly haltedBy: DeliveryRow | null
}

export interface LineMember {
  readonly place: number
  readonly row: DeliveryRow
}

export interface ExplanationView {
  readonly reason: ExplanationReason
  readonly text: string
  /** When what it waits for ends by itself; ISO 8601. */
  readonly until: string | null
  readonly behind: { readonly eventId: string; readonly status: DeliveryStatus } | null
}

/** The submitted body. */
export interface PayloadView {
  readonly bytes: number
  /** Null unless payloads are shown. Cut off where it is very long. */
  readonly text: string | null
}

export interface DeliveryView {
  readonly row: DeliveryRow
  readonly lastError: string | null
  readonly deliveredAt: string | null
  /** When the next attempt is due; null unless in backoff. */
  readonly retryAt: string | null
  /** Attempts left of its budget. */
  readonly left: number
  readonly explanation: ExplanationView | null
  /** Up to the moment that is shown; of very many the first and the newest. */
  readonly records: readonly RecordView[]
  readonly omittedRecords: number
  /** The numbers of all its records, those after the moment too. */
  readonly seqs: readonly number[]
  readonly line: LineView
  readonly payload: PayloadView
  readonly endpoint: EndpointRow | null
  /** The time of the moment that is shown. */
  readonly at: string
}

export interface EndpointView {
  readonly row: EndpointRow
  /** Of its own, up to the moment that is shown; the newest. */
  readonly records: readonly RecordView[]
}

/** How a recorded log went, in stretches of as many `seq`s each. */
export interface LogOutline {
  /** Which part of each stretch's records are failed attempts, from 0 to 1. */
  readonly failures: readonly number[]
  /** When each stretch begins; ISO 8601. */
  readonly times: readonly string[]
}

/**
 * What a viewer reads. `seq` is the moment: everything as it was after that record; null for the newest. A running service
 * shows only the newest.
 */
export interface ViewSource {
  overview(seq: number | null): Overview
  deliveries(query: EventQuery, seq: number | null): EventPage
  /** Null for an event that is not known, or was not yet at that moment. */
  delivery(eventId: string, seq: number | null): DeliveryView | null
  endpoint(endpointId: string, seq: number | null): EndpointView | null
  /** Null for a running service. */
  outline(): LogOutline | null
  /** Hears, not too often, that something has changed. Returns a function that ends it. */
  onChange(listener: (seq: number) => void): () => void
  close(): void
}
