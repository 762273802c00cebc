import { checkEventType } from './event-type.ts'
import { serializePayload } from './serialize-payload.ts'
import { resolveSubmitOptions } from './submit-options.ts'
import type { SubmitSettings } from './submit-options.ts'

/** What a caller submitted, checked and serialised. */
export interface Submission extends SubmitSettings {
  readonly eventType: string
  /** The payload's JSON. */
  readonly payloadText: string
  readonly payloadBytes: number
  /** Its path in a batch, which errors begin with: `events[3]`. Empty when it came alone. */
  readonly where: string
}

/** @throws InvalidOptionError, InvalidPayloadError */
export function readSubmission(eventType: unknown, payload: unknown, options: unknown): Submission {
  const checkedType = checkEventType(eventType)
  const settings = resolveSubmitOptions(options)
  return submissionOf(checkedType, serializePayload(payload), settings, '')
}

export function submissionOf(
  eventType: string,
  payloadText: string,
  { idempotencyKey, orderingKey }: SubmitSettings,
  where: string,
): Submission {
  const payloadBytes = Buffer.byteLength(payloadText)
  return { eventType, payloadText, payloadBytes, idempotencyKey, orderingKey, where }
}
