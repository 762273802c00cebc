// Why an event is or was where it is, from its log alone: what `explain` says of a running service, and how it came there.
import { isoTime } from '../clock/iso-time.ts'
import { attemptsIn } from '../event/event-details.ts'
import type { AttemptDetails } from '../event/event-details.ts'
import { nameId } from '../errors/describe-value.ts'
import { EventNotFoundError } from '../errors/errors.ts'
import type { Explanation } from '../explain/explain.ts'
import type { Transition } from '../log/transition.ts'
import { isInLine, statusCode } from './delivery-statuses.ts'
import { recordedBehind, recordedCause } from './recorded-cause.ts'
import type { RecordedState } from './recorded-state.ts'
import { waitsOf } from './waits.ts'
import type { Wait } from './waits.ts'

/** What {@link Explanation} says of a running service, for a moment of a recorded log, and how the event came there. */
export interface RecordedExplanation extends Explanation {
  readonly eventType: string
  /** Its place in its line, from 1. */
  readonly sequence: number
  readonly orderingKey: string | null
  /** The moment: after the record of this `seq`, at this time. ISO 8601, as all times here. */
  readonly seq: number
  readonly at: string
  readonly submittedAt: string
  /** Null while it is in line. */
  readonly settledAt: string | null
  /** Every attempt up to that moment. */
  readonly attemptsMade: readonly AttemptDetails[]
  /** When somebody asked for it to be delivered again. */
  readonly redeliveredAt: readonly string[]
  /** Where its time in line went, in order. */
  readonly waits: readonly Wait[]
}

/** @throws EventNotFoundError when the log does not know the event, or not at that moment */
export function explainRecorded(state: RecordedState, eventId: string): RecordedExplanation {
  const event = state.event(eventId)
  const resting = state.restingState(eventId)
  if (event === undefined || resting === null) {
    throw new EventNotFoundError(`no event has the id ${nameId(eventId)} in this log up to record ${state.seq}`)
  }
  const records = state.recordsOf(eventId)
  const behind = recordedBehind(state, event)
  const isOpen = isInLine(statusCode(event.status))
  return {
    eventId,
    endpointId: event.endpointId,
    eventType: event.eventType,
    sequence: event.sequence,
    orderingKey: event.orderingKey,
    seq: state.seq,
    at: isoTime(state.timeMs),
    status: event.status,
    attempts: event.attempts,
    lastError: resting.context.lastError,
    ...recordedCause(state, event, resting),
    behind: behind === null || !isOpen ? null : { eventId: behind.eventId, status: behind.status },
    ahead: isOpen ? state.aheadOf(event) : null,
    submittedAt: event.submittedAt,
    settledAt: isOpen ? null : settledAtIn(records),
    attemptsMade: attemptsIn(records),
    redeliveredAt: records.flatMap(({ event: cause }) => (cause.type === 'redelivery.requested' ? [cause.at] : [])),
    waits: waitsOf(state, event),
  }
}

function settledAtIn(records: readonly Transition[]): string | null {
  let settledAt: string | null = null
  for (const { at, to, from } of records) {
    if (!isInLine(statusCode(to)) && isInLine(statusCode(from))) settledAt = at
  }
  return settledAt
}
