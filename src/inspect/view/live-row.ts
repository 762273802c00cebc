import type { DeliveryStatus } from '../../../machines/delivery.ts'
import { laneKeyOf } from '../../lane/lane-key.ts'
import type { EventSubmitted, Transition } from '../../log/transition.ts'
import { isSettled } from '../../statechart/resting-delivery.ts'
import type { DeliveryRow } from './view-source.ts'

/** One event of a running service, moved on by its records. */
export class LiveRow implements DeliveryRow {
  readonly eventId: string
  readonly endpointId: string
  readonly eventType: string
  readonly sequence: number
  readonly orderingKey: string | null
  readonly laneKey: string
  readonly submittedAt: string
  readonly submittedSeq: number
  status: DeliveryStatus = 'pending'
  attempts = 0
  lastAt: string
  lastSeq: number
  /** Orders the line: the record that put it there. */
  joinedSeq: number
  /** Whether it is a dead letter that holds its line. */
  holdsLine = false
  /** How often it stands among the settled ones that are to be forgotten. */
  settledTimes = 0

  constructor({ eventId, endpointId, seq, at }: Transition, submitted: EventSubmitted) {
    const { eventType, sequence, orderingKey, ordering = 'fifo' } = submitted
    this.eventId = eventId
    this.endpointId = endpointId
    this.eventType = eventType
    this.sequence = sequence
    this.orderingKey = orderingKey
    this.laneKey = laneKeyOf(ordering, orderingKey, eventId)
    this.submittedAt = at
    this.submittedSeq = seq
    this.lastAt = at
    this.lastSeq = seq
    this.joinedSeq = seq
  }

  get settled(): boolean {
    return isSettled(this.status)
  }

  take({ event, seq, at, to, attempts }: Transition): void {
    const wasSettled = this.settled
    this.status = to
    this.attempts = attempts
    this.lastAt = at
    this.lastSeq = seq
    if (event.type === 'line.released') this.holdsLine = false
    else if (this.settled) this.holdsLine = event.type === 'attempt.failed' && event.holdsLine === true
    else if (wasSettled) this.#rejoin(seq)
  }

  /** One that held its line comes back at its front, before all that came after it. */
  #rejoin(seq: number): void {
    if (!this.holdsLine) this.joinedSeq = seq
    this.holdsLine = false
  }

  toJSON(): DeliveryRow {
    const { eventId, endpointId, eventType, sequence, orderingKey, laneKey, status, attempts } = this
    const { submittedAt, submittedSeq, lastAt, lastSeq } = this
    return {
      eventId,
      endpointId,
      eventType,
      sequence,
      orderingKey,
      laneKey,
      status,
      attempts,
      submittedAt,
      submittedSeq,
      lastAt,
      lastSeq,
    }
  }
}
