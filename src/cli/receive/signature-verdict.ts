import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../../clock/clock.ts'
import { resolveSigningOptions } from '../../signing/signing-options.ts'
import type { SigningOptions } from '../../signing/signing-options.ts'
import type { SignatureProblem } from '../../verify/signature-problem.ts'
import { readVerificationKeys } from '../../verify/verification-key.ts'
import { verifySequence } from '../../verify/verify-sequence.ts'
import { diagnoseSignature } from '../../verify/verify-signature.ts'

/** What the receiver holds of a request's signatures; `unchecked` without a secret. */
export type SignatureVerdict = 'verified' | 'unchecked' | `${string}: ${SignatureProblem}`

export type JudgeSignature = (headers: IncomingHttpHeaders, body: Uint8Array) => SignatureVerdict

/**
 * Checks every signature that hookline makes: the Standard Webhooks headers, the body's, and the sequence's where there is
 * one. A public key (`whpk_…`) can check the first alone.
 *
 * @param secrets any of them may have signed; none: nothing is checked
 * @throws InvalidSecretError, InvalidOptionError
 */
export function signatureJudge(secrets: readonly string[], signing: SigningOptions, clock: Clock): JudgeSignature {
  const { header, prefix, encoding } = resolveSigningOptions(signing, 'receive')
  if (secrets.length === 0) return () => 'unchecked'
  const keys = readVerificationKeys(secrets, 'receive')
  const texts = secrets.filter((_, index) => keys[index]?.textKey !== null)
  const now = (): number => clock.now()
  return (headers, body) => {
    const standard = diagnoseSignature({ secret: secrets, headers, body, now })
    if (standard !== null) return `webhook-signature: ${standard}`
    if (texts.length === 0) return 'verified'
    const ofBody = diagnoseSignature({ secret: texts, headers, body, scheme: 'body', header, prefix, encoding })
    if (ofBody !== null) return `${header}: ${ofBody}`
    return holdsSequence(texts, headers) ? 'verified' : 'X-Event-Sequence-Signature: no-match'
  }
}

function holdsSequence(secret: readonly string[], headers: IncomingHttpHeaders): boolean {
  const signature = headers['x-event-sequence-signature']
  if (signature === undefined) return true
  const values = [headers['x-event-id'], headers['x-event-sequence'], signature]
  const [eventId, sequence, signed] = values.map((value) => (typeof value === 'string' ? value : undefined))
  return verifySequence({ secret, eventId, sequence, signature: signed })
}
