// What of a record is shown. Secrets and headers are in no log; what a log holds of payloads is shown when asked for.
import type { DeliveryEvent } from '../../../machines/delivery.ts'
import type { EventSubmitted } from '../../log/transition.ts'

/** How much of a body is shown, in characters: a message is to stay small. */
const longestBody = 10_000

/** What is shown of an event's submission beside its delivery. */
export interface ShownSubmission {
  readonly at: string
  readonly eventType: string
  readonly sequence: number
  readonly orderingKey: string | null
  readonly bodyBytes: number
  /** Only with payloads. */
  readonly body?: string
  /** Only with payloads. */
  readonly idempotencyKey?: string | null
}

export function shownSubmission(submitted: EventSubmitted, payloads: boolean): ShownSubmission {
  const { at, eventType, sequence, orderingKey, idempotencyKey, body } = submitted
  const shown = { at, eventType, sequence, orderingKey, bodyBytes: Buffer.byteLength(body) }
  return payloads ? { ...shown, body: body.slice(0, longestBody), idempotencyKey } : shown
}

/** The machine event of a record, without what the endpoint answered. */
export function shownEvent(event: DeliveryEvent, payloads: boolean): DeliveryEvent & { snippetBytes?: number } {
  if (payloads || !('snippet' in event) || event.snippet === null) return event
  return { ...event, snippet: null, snippetBytes: Buffer.byteLength(event.snippet) }
}
