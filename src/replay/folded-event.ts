import type { RestingDelivery } from '../../machines/sequencer.ts'
import type { Linked } from '../collections/linked-list.ts'

/** One event as the records so far tell of it. Its body is left in its record: there may be very many events. */
export interface FoldedEvent {
  readonly eventId: string
  readonly endpointId: string
  readonly eventType: string
  readonly sequence: number
  readonly orderingKey: string | null
  /** The line it waits in, among those of its endpoint. */
  readonly laneKey: string
  readonly state: RestingDelivery
  /** ISO 8601, as all times here. */
  readonly submittedAt: string
  /** The record that put it in its line: its submission, or the redelivery that took it up when it had settled. */
  readonly joinedSeq: number
  /** Its last record, and that record's time. */
  readonly lastSeq: number
  readonly lastAt: string
}

/** A {@link FoldedEvent} that its records move on, and that its line threads through. */
export interface FoldingEvent extends FoldedEvent, Linked<FoldingEvent> {
  state: RestingDelivery
  joinedSeq: number
  lastSeq: number
  lastAt: string
}
