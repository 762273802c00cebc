import { createHmac } from 'node:crypto'
import { constantTimeEqual } from './constant-time-equal.ts'
import { isEventId } from './is-event-id.ts'
import { readTextKeys } from './verification-key.ts'

/** An event's place in line, as its headers tell it. What a header did not bring may be passed as undefined. */
export interface VerifySequenceInput {
  /** The endpoint's secret; a list during rotation. A public key (`whpk_…`) cannot check a sequence. */
  readonly secret: string | readonly string[]
  /** `X-Event-Id`. */
  readonly eventId: string | undefined
  /** `X-Event-Sequence`, as text or as a number. */
  readonly sequence: string | number | undefined
  /** `X-Event-Sequence-Signature`. */
  readonly signature: string | undefined
}

/**
 * Whether the sender signed this place in line (`signing.sequence`) for this event: then order can be proven, and a
 * gap in the sequence is an event parked, refused or still to come. Compares in constant time.
 *
 * @throws InvalidSecretError for a missing, empty, malformed or public secret; never for what the network sent
 */
export function verifySequence({ secret, eventId, sequence, signature }: VerifySequenceInput): boolean {
  const keys = readTextKeys(secret, 'verifySequence')
  if (typeof eventId !== 'string' || typeof signature !== 'string') return false
  const place = readSequence(sequence)
  if (place === null || !isEventId(eventId)) return false
  let matches = false
  for (const key of keys) {
    const expected = createHmac('sha256', key).update(`${eventId}.${place}`).digest('hex')
    matches = constantTimeEqual(signature, expected) || matches
  }
  return matches
}

/** A whole number from 1 in its one decimal form, or null. */
function readSequence(sequence: unknown): string | null {
  if (typeof sequence === 'number') return Number.isSafeInteger(sequence) && sequence >= 1 ? String(sequence) : null
  return typeof sequence === 'string' && /^[1-9][0-9]{0,15}$/.test(sequence) ? sequence : null
}
