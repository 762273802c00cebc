import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import type { SubmittedTransition } from './event-record.ts'

/** One event of a page: where it is, without its payload and its attempts, which `getEvent` tells. */
export interface EventSummary {
  readonly id: string
  readonly endpointId: string
  readonly eventType: string
  readonly status: DeliveryStatus
  /** Requests started so far, over all redeliveries. */
  readonly attempts: number
  /** What went wrong last, also when a later attempt succeeded; null when nothing ever did. */
  readonly lastError: string | null
  /** Times are ISO 8601. */
  readonly submittedAt: string
  /** Null unless it has settled. */
  readonly settledAt: string | null
  /** Null unless delivered. */
  readonly deliveredAt: string | null
  /** When the next attempt is due; null unless in backoff. */
  readonly retryAt: string | null
  /** Its place in its lane, from 1. */
  readonly sequence: number
  readonly orderingKey: string | null
}

export interface EventPage {
  /** In the order asked for. Fewer than the limit, or none, also when there are more. */
  readonly events: readonly EventSummary[]
  /** Where the next page begins; null when there is nothing more. */
  readonly nextCursor: string | null
}

export function summarize(
  submitted: SubmittedTransition,
  { value: status, context }: RestingDelivery,
  settledAt: string | null,
): EventSummary {
  const { eventId: id, endpointId, event, at: submittedAt } = submitted
  const { eventType, sequence, orderingKey } = event
  const { attempts, lastError, deliveredAt, retryAt } = context
  return {
    id,
    endpointId,
    eventType,
    status,
    attempts,
    lastError,
    submittedAt,
    settledAt,
    deliveredAt,
    retryAt,
    sequence,
    orderingKey,
  }
}
