// Records for the rules to append: each as a service would write it, few with anything special.
import type { BreakerEvent } from '../../../machines/breaker.ts'
import type { EndpointEvent } from '../../../machines/endpoint.ts'
import type { EndpointTransitionDraft, EventSubmitted, LogRecord, TransitionDraft } from '../../log/transition.ts'

/** The time of every record that needs no other. */
export const sampleTime = '2025-01-01T00:00:00.000Z'

export function submission(eventId: string, endpointId = 'ep_1', own: Partial<EventSubmitted> = {}): TransitionDraft {
  const event: EventSubmitted = {
    type: 'event.submitted',
    at: sampleTime,
    eventType: 'order.paid',
    body: '{"order":7}',
    form: 'payload',
    sequence: 1,
    orderingKey: null,
    idempotencyKey: null,
    budget: 3,
    ...own,
  }
  return { at: event.at, endpointId, eventId, event, from: null, to: 'pending', attempts: 0, machine: 'delivery@1' }
}

/** How an event's first attempt starts, and how it succeeds. */
export function delivery(eventId: string, endpointId = 'ep_1'): readonly [TransitionDraft, TransitionDraft] {
  const common = { at: sampleTime, endpointId, eventId, attempts: 1, machine: 'delivery@1' }
  const start = { type: 'attempt.started', attempt: 1, at: sampleTime } as const
  const end = {
    type: 'attempt.succeeded',
    attempt: 1,
    at: sampleTime,
    status: 200,
    durationMs: 5,
    snippet: null,
  } as const
  return [
    { ...common, event: start, from: 'pending', to: 'delivering' },
    { ...common, event: end, from: 'delivering', to: 'delivered' },
  ]
}

/** All there is of an event that was delivered at once. */
export function delivered(eventId: string, endpointId = 'ep_1'): readonly TransitionDraft[] {
  return [submission(eventId, endpointId), ...delivery(eventId, endpointId)]
}

/** How an event that was {@link delivered} is redelivered. */
export function takenUp(eventId: string, endpointId = 'ep_1'): TransitionDraft {
  const event = { type: 'redelivery.requested', at: sampleTime, budget: 3 } as const
  return {
    at: sampleTime,
    endpointId,
    eventId,
    event,
    from: 'delivered',
    to: 'pending',
    attempts: 1,
    machine: 'delivery@1',
  }
}

/** How an endpoint is paused. */
export function pausing(endpointId = 'ep_1'): EndpointTransitionDraft {
  return endpointStep(endpointId, 'endpoint@1', { type: 'endpoint.paused', at: sampleTime }, 'active', 'paused')
}

/** How a paused endpoint is resumed. */
export function resuming(endpointId = 'ep_1'): EndpointTransitionDraft {
  return endpointStep(endpointId, 'endpoint@1', { type: 'endpoint.resumed', at: sampleTime }, 'paused', 'active')
}

function endpointStep(
  endpointId: string,
  machine: 'endpoint@1' | 'breaker@1',
  event: EndpointEvent | BreakerEvent,
  from: EndpointTransitionDraft['from'],
  to: EndpointTransitionDraft['to'],
): EndpointTransitionDraft {
  return { at: event.at, endpointId, eventId: '', event, from, to, attempts: 0, machine }
}

export function seqsOf(records: Iterable<LogRecord>): number[] {
  return Array.from(records, ({ seq }) => seq)
}

/** Records as they are written down. */
export function textsOf(records: Iterable<LogRecord>): string[] {
  return Array.from(records, (record) => JSON.stringify(record))
}
