import { AssertionError } from 'node:assert'
import type { AttemptDetails, EventDetails } from '../event/event-details.ts'
import type { WebhookService } from '../webhook-service.ts'
import { deliveryDifference } from './delivery-difference.ts'
import { readExpectedDelivery } from './expected-delivery.ts'
import type { ExpectedDelivery } from './expected-delivery.ts'
import type { AttemptSeen } from './delivery-difference.ts'

/**
 * Asserts what has become of an event so far: where it is, and each of its attempts.
 *
 * @throws {AssertionError} that shows both side by side, and says what the event waits for
 * @throws {InvalidOptionError} when `expected` is none; EventNotFoundError
 * @example
 * assertDelivery(service, eventId, {
 *   status: 'delivered',
 *   attempts: [{ answered: 500 }, { afterMs: 1000, failed: 'timeout' }, { afterMs: [1500, 2500], answered: 200 }],
 * })
 */
export function assertDelivery(
  service: Pick<WebhookService, 'getEvent' | 'explain'>,
  eventId: string,
  expected: ExpectedDelivery,
): void {
  const checked = readExpectedDelivery(expected)
  const event = service.getEvent(eventId)
  const attempts = event.attempts.map((attempt, index) => seen(event, attempt, index))
  const difference = deliveryDifference(checked, { status: event.status, attempts })
  if (difference === null) return
  throw new AssertionError({
    message: `event ${eventId} is not as expected\n\n${difference}\n\nnow: ${service.explain(eventId).text}`,
    actual: { status: event.status, attempts },
    expected,
    operator: 'assertDelivery',
    stackStartFn: assertDelivery,
  })
}

function seen(event: EventDetails, attempt: AttemptDetails, index: number): AttemptSeen {
  const before = event.attempts[index - 1]?.endedAt ?? event.submittedAt
  return {
    afterMs: Date.parse(attempt.startedAt) - Date.parse(before),
    answered: attempt.status,
    failed: attempt.failure?.reason ?? null,
    inFlight: attempt.outcome === null,
  }
}
