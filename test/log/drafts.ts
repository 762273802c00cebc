import type { Transition, TransitionDraft } from '../../src/log/transition.ts'

const at = '2025-01-01T00:00:00.000Z'

/** An event's first record, not numbered yet. */
export function submission(eventId: string, endpointId = 'ep_1'): TransitionDraft {
  const event = {
    type: 'event.submitted',
    at,
    eventType: 'payment.succeeded',
    body: '{}',
    form: 'payload',
    sequence: 1,
    orderingKey: null,
    idempotencyKey: null,
    budget: 3,
  } as const
  return { at, endpointId, eventId, event, from: null, to: 'pending', attempts: 0, machine: 'delivery@1' }
}

/** The record of an event's first attempt, not numbered yet. */
export function attemptStarted(eventId: string, endpointId = 'ep_1'): TransitionDraft {
  const event = { type: 'attempt.started', attempt: 1, at } as const
  return { at, endpointId, eventId, event, from: 'pending', to: 'delivering', attempts: 1, machine: 'delivery@1' }
}

export function seqs(transitions: Iterable<Transition>): number[] {
  return Array.from(transitions, ({ seq }) => seq)
}
