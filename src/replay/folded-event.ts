import type { DeliveryContext, DeliveryStatus } from '../../machines/delivery.ts'
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
  /**
   * The record that put it in its line: its submission, or the redelivery that took it up when it had settled. One that
   * held its line keeps its place when it is redelivered.
   */
  readonly joinedSeq: number
  /** Its last record, and that record's time. */
  readonly lastSeq: number
  readonly lastAt: string
}

/**
 * A {@link FoldedEvent} that its records move on, and that its line threads through. State and context lie in it and not
 * in an object of their own: there may be very many.
 */
export class FoldingEvent implements FoldedEvent, Linked<FoldingEvent> {
  readonly eventId: string
  readonly endpointId: string
  readonly eventType: string
  readonly sequence: number
  readonly orderingKey: string | null
  readonly laneKey: string
  readonly submittedAt: string
  joinedSeq: number
  lastSeq: number
  lastAt: string
  #status: DeliveryStatus
  #context: DeliveryContext
  previous: FoldingEvent | null = null
  next: FoldingEvent | null = null

  constructor(submission: Omit<FoldedEvent, 'joinedSeq' | 'lastAt'>) {
    const { eventId, endpointId, eventType, sequence, orderingKey, laneKey, state, submittedAt, lastSeq } = submission
    this.eventId = eventId
    this.endpointId = endpointId
    this.eventType = eventType
    this.sequence = sequence
    this.orderingKey = orderingKey
    this.laneKey = laneKey
    this.submittedAt = submittedAt
    this.joinedSeq = lastSeq
    this.lastSeq = lastSeq
    this.lastAt = submittedAt
    this.#status = state.value
    this.#context = state.context
  }

  get state(): RestingDelivery {
    return { value: this.#status, context: this.#context }
  }

  /** Its next record led it to `state`. */
  moveOn({ value, context }: RestingDelivery, seq: number, at: string): void {
    this.#status = value
    this.#context = context
    this.lastSeq = seq
    // One copy of what was read twice from the same record.
    this.lastAt = at === context.deliveredAt ? context.deliveredAt : at
  }
}
