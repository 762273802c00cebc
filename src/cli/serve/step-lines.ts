// A line for every step of every event, read from the log of transitions after it was stored: what a line says has happened.
// `correlationId` is the event's id, in every line about it. No payload, no header and no answer is in any.
import type { Logger } from 'pino'
import type { LoggedEvent, Transition } from '../../log/transition.ts'
import type { WebhookService } from '../../webhook-service.ts'

/** Writes them, when the level asks for them at all. Returns a function that ends it. */
export function logSteps(service: WebhookService, log: Logger): () => void {
  if (!log.isLevelEnabled('debug')) return () => undefined
  return service.log.subscribe((transition) => log.debug(stepFields(transition), transition.event.type))
}

export function stepFields({ eventId, endpointId, seq, event, from, to, attempts }: Transition): object {
  return { correlationId: eventId, endpointId, seq, from, to, attempts, ...detailsOf(event) }
}

function detailsOf(event: LoggedEvent): object {
  switch (event.type) {
    case 'event.submitted':
      return { eventType: event.eventType, sequence: event.sequence }
    case 'attempt.started':
      return { attempt: event.attempt, rateLimitedMs: event.rateLimitedMs }
    case 'attempt.succeeded':
      return { attempt: event.attempt, status: event.status, durationMs: event.durationMs }
    case 'attempt.failed':
      return { ...failedAttempt(event), retryAt: event.retryAt }
    case 'attempt.rejected':
    case 'attempt.interrupted':
      return failedAttempt(event)
    case 'event.abandoned':
      return { reason: event.failure.reason }
    case 'redelivery.requested':
      return { budget: event.budget }
    case 'line.released':
      return {}
  }
}

function failedAttempt({
  attempt,
  failure,
  durationMs,
}: Extract<LoggedEvent, { type: 'attempt.failed' | 'attempt.rejected' | 'attempt.interrupted' }>): object {
  return { attempt, reason: failure.reason, error: failure.message, durationMs }
}
