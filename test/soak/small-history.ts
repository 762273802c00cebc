// Small histories for the tests of the rules: true ones, and true ones with one thing changed.
import type { LoggedEvent, Transition } from '../../src/index.ts'
import { gatherFacts, type EndpointFact, type Facts, type Sources } from './facts.ts'
import type { ReceivedAttempt } from './receivers/received-attempt.ts'

const failed = { reason: 'timeout', message: 'timeout: no answer within 300 ms', reach: 'unknown' } as const

/** An endpoint with one line, that signs with its first secret. */
export function endpoint(number: number): EndpointFact {
  const signing = [{ generation: 0, fromMs: 0, untilMs: Infinity, replacedAtMs: Infinity }]
  return { endpointId: `ep_${number}`, number, ordering: 'fifo', signing }
}

export type Step = Pick<Transition, 'from' | 'to' | 'event'>

const at = '2026-01-01T00:00:00.100Z'
export const startedAtMs = Date.parse(at)

export const submittedAt = (sequence: number): Step => ({
  from: null,
  to: 'pending',
  event: {
    type: 'event.submitted',
    at,
    eventType: 'a.b',
    body: '{}',
    form: 'payload',
    sequence,
    orderingKey: null,
    idempotencyKey: null,
    budget: 3,
  },
})

export const started = (attempt: number, from: 'pending' | 'backoff' = 'pending'): Step => ({
  from,
  to: 'delivering',
  event: { type: 'attempt.started', attempt, at },
})

export const succeeded = (attempt: number, status = 200, snippet: string | null = null): Step => ({
  from: 'delivering',
  to: 'delivered',
  event: { type: 'attempt.succeeded', attempt, at, status, durationMs: 1, snippet },
})

/** Nobody knows whether it arrived. */
export const lost = (attempt: number): Step => ({
  from: 'delivering',
  to: 'backoff',
  event: { type: 'attempt.failed', attempt, at, failure: failed, durationMs: 1, snippet: null, retryAt: at },
})

export const notSent = (attempt: number): Step => ({
  from: 'delivering',
  to: 'backoff',
  event: { ...lostEvent(attempt), failure: { ...failed, reach: 'notSent' } },
})

export const answeredWith = (attempt: number, status: number, snippet: string | null): Step => ({
  from: 'delivering',
  to: 'backoff',
  event: {
    ...lostEvent(attempt),
    failure: { reason: 'status', message: `HTTP ${status}`, status, reach: 'answered' },
    snippet,
  },
})

export const steppedAside = (attempt: number): Step => ({
  ...lost(attempt),
  to: 'deadLettered',
})

export const redelivered = (from: Transition['from']): Step => ({
  from,
  to: 'pending',
  event: { type: 'redelivery.requested', at, budget: 3 },
})

/** The steps of several events, in the order in which they happened. */
export function logOf(steps: readonly (readonly [eventId: string, endpointId: string, step: Step])[]): Transition[] {
  let seq = 0
  const attempts = new Map<string, number>()
  return steps.map(([eventId, endpointId, { from, to, event }]) => {
    if (event.type === 'attempt.started') attempts.set(eventId, event.attempt)
    seq += 1
    return {
      seq,
      at,
      endpointId,
      eventId,
      event,
      from,
      to,
      attempts: attempts.get(eventId) ?? 0,
      machine: 'delivery@1',
    }
  })
}

export function arrival(eventId: string, attempt: number, more: Partial<ReceivedAttempt> = {}): ReceivedAttempt {
  return {
    endpoint: 1,
    eventId,
    attempt,
    sequence: 1,
    at: startedAtMs + 1,
    signedBy: [0],
    headersRight: true,
    fault: 'none',
    afterSurplus: false,
    status: 200,
    ...more,
  }
}

/** One event of endpoint 1, and what arrived of it. */
export function oneEvent(
  steps: readonly Step[],
  received: readonly ReceivedAttempt[],
  more: Partial<Sources> = {},
): Facts {
  return gatherFacts({
    submitted: ['evt_1'],
    records: logOf(steps.map((step) => ['evt_1', 'ep_1', step] as const)),
    endpoints: [endpoint(1), endpoint(2)],
    received,
    ...more,
  })
}

/** Delivered at the first attempt. */
export const plainSteps: readonly Step[] = [submittedAt(1), started(1), succeeded(1)]

function lostEvent(attempt: number): Extract<LoggedEvent, { type: 'attempt.failed' }> {
  return { type: 'attempt.failed', attempt, at, failure: failed, durationMs: 1, snippet: null, retryAt: at }
}
