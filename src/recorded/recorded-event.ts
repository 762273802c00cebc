import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { ReplayedEndpoint } from '../replay/replay.ts'

/** One event as it was at a moment of a recorded log. */
export interface RecordedEvent {
  readonly eventId: string
  readonly endpointId: string
  readonly eventType: string
  /** Its place in its line, from 1, as `X-Event-Sequence` told the receiver. */
  readonly sequence: number
  readonly orderingKey: string | null
  /** The line it waits in: `''` for the endpoint's only one, else its ordering key or, where there are no lines, its id. */
  readonly laneKey: string
  readonly status: DeliveryStatus
  /** Requests started so far. */
  readonly attempts: number
  readonly submittedAt: string
  readonly submittedSeq: number
  /** Its last record up to that moment. */
  readonly lastAt: string
  readonly lastSeq: number
}

/** Which events are wanted: those that fit everything that is given. */
export interface EventQuery {
  readonly endpointId?: string | undefined
  readonly status?: DeliveryStatus | undefined
  /** A part of the event's id, type or ordering key, in whatever case. */
  readonly text?: string | undefined
  /** How many at most. @default 100 */
  readonly limit?: number | undefined
  /** Go on after this event, the last of the page before. */
  readonly after?: string | undefined
  /** @default 'newest': the event submitted last comes first */
  readonly order?: 'newest' | 'oldest' | undefined
}

export interface EventPage {
  readonly events: readonly RecordedEvent[]
  /** Whether there are more after them. */
  readonly more: boolean
}

/** A line as it was at a moment of a recorded log. */
export interface RecordedLine {
  readonly endpointId: string
  readonly laneKey: string
  /** How many events waited, the head included. */
  readonly length: number
  /** The first of them, in order. */
  readonly waiting: readonly RecordedEvent[]
  /** The dead letter that held the line until a person decided. */
  readonly haltedBy: RecordedEvent | null
}

/** An endpoint as it was at a moment of a recorded log. */
export interface RecordedEndpoint extends ReplayedEndpoint {
  /** Of its events, how many were in each state. */
  readonly events: Readonly<Record<DeliveryStatus, number>>
}

/** One time that an event stood in a line, or held it, from one record to another, by their places in the file. */
export interface RecordedStay {
  readonly eventId: string
  readonly from: number
  /** Infinity when the log does not tell of its end. */
  readonly to: number
}
