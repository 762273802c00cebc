import type { Transition } from '../log/transition.ts'
import type { EventRecord } from './event-record.ts'
import { payloadTextOf } from './payload-text.ts'

/** An event whose attempts ran out. */
export interface DeadLetterEvent {
  readonly eventId: string
  readonly endpointId: string
  readonly eventType: string
  /** What was submitted, read back from its JSON. */
  readonly payload: unknown
  readonly sequence: number
  readonly orderingKey: string | null
  readonly attempts: number
  readonly lastError: string | null
  readonly submittedAt: string
  readonly deadLetteredAt: string
}

export function describeDeadLetter(record: EventRecord, transitions: Iterable<Transition>): DeadLetterEvent {
  const { event, eventId, endpointId, at } = record.submitted
  const { context } = record.resting
  let deadLetteredAt = at
  for (const { event: cause, at: causedAt } of transitions)
    if (cause.type === 'attempt.failed') deadLetteredAt = causedAt
  return {
    eventId,
    endpointId,
    eventType: event.eventType,
    payload: JSON.parse(payloadTextOf(event)) as unknown,
    sequence: event.sequence,
    orderingKey: event.orderingKey,
    attempts: context.attempts,
    lastError: context.lastError,
    submittedAt: at,
    deadLetteredAt,
  }
}
