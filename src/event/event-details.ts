import type { Failure } from '../attempt/failure.ts'
import type { DeliveryStatus } from '../../machines/delivery.ts'
import { isoTime, msOf } from '../clock/iso-time.ts'
import type { Transition } from '../log/transition.ts'
import type { Retention } from '../service-limits.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import type { EventRecord } from './event-record.ts'
import { payloadTextOf } from './payload-text.ts'
import { settledAtIn } from './settled-at.ts'

/** One attempt, as the log tells of it. */
export interface AttemptDetails {
  readonly attempt: number
  readonly startedAt: string
  /** Null while the request is in flight. */
  readonly endedAt: string | null
  readonly outcome: 'succeeded' | 'failed' | 'rejected' | 'interrupted' | null
  /** The answer's status; null when there was none. */
  readonly status: number | null
  readonly failure: Failure | null
  readonly durationMs: number | null
  /** The first bytes of the answer's body, as text. */
  readonly snippet: string | null
  /** When the next attempt was due, if this one made the event wait for one. */
  readonly retryAt: string | null
}

/** One event, whole. */
export interface EventDetails {
  readonly eventId: string
  readonly endpointId: string
  readonly eventType: string
  /** What was submitted, read back from its JSON. */
  readonly payload: unknown
  readonly submittedAt: string
  /** Its place in its lane, from 1, as `X-Event-Sequence` tells the receiver. */
  readonly sequence: number
  readonly orderingKey: string | null
  readonly idempotencyKey: string | null
  /** How many events are before it in its line; null once it has settled, and while its endpoint is not registered. */
  readonly ahead: number | null
  readonly status: DeliveryStatus
  readonly attempts: readonly AttemptDetails[]
  readonly lastError: string | null
  /** Null unless it has settled. */
  readonly settledAt: string | null
  /**
   * When it is old enough to be forgotten, by `retention.ageMs` or `deadLetterAgeMs`; where more events have settled than are kept it
   * goes sooner. Null unless it has settled, and while it holds its line: then it is kept until a person decides.
   */
  readonly expiresAt: string | null
  readonly deliveredAt: string | null
  readonly retryAt: string | null
}

export function describeEvent(
  record: EventRecord,
  transitions: Iterable<Transition>,
  ahead: EventDetails['ahead'],
  retention: Pick<Retention, 'ageMs' | 'deadLetterAgeMs'>,
): EventDetails {
  const { event, eventId, endpointId, at } = record.submitted
  const { value, context } = record.state
  const records = [...transitions]
  const settledAt = isSettled(value) ? settledAtIn(records) : null
  const keptMs = value === 'deadLettered' ? retention.deadLetterAgeMs : retention.ageMs
  return {
    eventId,
    endpointId,
    eventType: event.eventType,
    payload: JSON.parse(payloadTextOf(event)) as unknown,
    submittedAt: at,
    sequence: event.sequence,
    orderingKey: event.orderingKey,
    idempotencyKey: event.idempotencyKey,
    ahead,
    status: value,
    attempts: attemptsIn(records),
    lastError: context.lastError,
    settledAt,
    expiresAt: settledAt === null || context.holdsLine ? null : isoTime(msOf(settledAt) + keptMs),
    deliveredAt: context.deliveredAt,
    retryAt: context.retryAt,
  }
}

/** The attempts that an event's records tell of, in order. */
export function attemptsIn(transitions: Iterable<Transition>): AttemptDetails[] {
  const attempts: AttemptDetails[] = []
  for (const { event, to } of transitions) {
    if (event.type === 'attempt.started') attempts.push(startedAttempt(event.attempt, event.at))
    else if ('attempt' in event) {
      const started = attempts.pop() ?? startedAttempt(event.attempt, event.at)
      const failure = 'failure' in event ? event.failure : null
      attempts.push({
        ...started,
        endedAt: event.at,
        outcome: outcomes[event.type],
        status: event.type === 'attempt.succeeded' ? event.status : (failure?.status ?? null),
        failure,
        durationMs: event.durationMs,
        snippet: 'snippet' in event ? event.snippet : null,
        retryAt: event.type === 'attempt.failed' && to === 'backoff' ? event.retryAt : null,
      })
    }
  }
  return attempts
}

const outcomes = {
  'attempt.succeeded': 'succeeded',
  'attempt.failed': 'failed',
  'attempt.rejected': 'rejected',
  'attempt.interrupted': 'interrupted',
} as const

function startedAttempt(attempt: number, startedAt: string): AttemptDetails {
  return {
    attempt,
    startedAt,
    endedAt: null,
    outcome: null,
    status: null,
    failure: null,
    durationMs: null,
    snippet: null,
    retryAt: null,
  }
}
