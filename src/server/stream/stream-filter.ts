import type { DeliveryStatus } from '../../../machines/delivery.ts'
import { matchesPattern } from '../../endpoint/event-type-pattern.ts'
import type { StreamMessage } from './stream-message.ts'

/** Which steps a client wants to hear of: those that fit everything that is given. Null: any. */
export interface StreamFilter {
  /** Whose endpoints' steps it may see at all; null for everyone's. */
  readonly tenantId: string | null
  readonly endpointId: string | null
  /** A pattern as endpoints subscribe with: `payment.*`. */
  readonly eventType: string | null
  /** The state that the step leads to. */
  readonly status: DeliveryStatus | null
}

export function isWanted(filter: StreamFilter, message: StreamMessage): boolean {
  const { endpointId, status, eventType, tenantId } = filter
  if (endpointId !== null && endpointId !== message.step.endpointId) return false
  if (status !== null && status !== message.step.to) return false
  // Last, since these have to be looked up.
  if (tenantId !== null && tenantId !== message.tenantId) return false
  if (eventType === null) return true
  return message.eventType !== null && matchesPattern(eventType, message.eventType)
}
