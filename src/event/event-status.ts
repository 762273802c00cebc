import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { EventRecord } from './event-record.ts'

/** Where an event is: exactly these four keys. */
export interface EventStatus {
  readonly status: DeliveryStatus
  /** Requests started so far, over all redeliveries. */
  readonly attempts: number
  /** What went wrong last, also when a later attempt succeeded; null when nothing ever did. */
  readonly lastError: string | null
  /** ISO 8601; null unless delivered. */
  readonly deliveredAt: string | null
}

export function statusOf(record: EventRecord): EventStatus {
  const { value, context } = record.state
  return { status: value, attempts: context.attempts, lastError: context.lastError, deliveredAt: context.deliveredAt }
}
