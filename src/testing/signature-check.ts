import type { IncomingHttpHeaders } from 'node:http'
import { resolveSigningOptions, type SigningOptions } from '../signing/signing-options.ts'
import { readTextKeys } from '../verify/verification-key.ts'
import { verifySequence } from '../verify/verify-sequence.ts'
import { verifySignature } from '../verify/verify-signature.ts'
import { headerText } from './header-text.ts'

/** The secret or secrets of all paths, or a function that knows those of each; undefined: not to be checked. */
export type ReceiverSecret = string | readonly string[] | ((path: string) => string | readonly string[] | undefined)

/** Says whether every signature of a request holds; null when there is no secret to check it with. */
export type SignatureCheck = (path: string, headers: IncomingHttpHeaders, body: Uint8Array) => boolean | null

/**
 * @param now the wall clock by which the age of a signature is judged
 * @throws InvalidSecretError, InvalidOptionError
 */
export function createSignatureCheck(
  secret: ReceiverSecret | undefined,
  signing: SigningOptions | undefined,
  now: () => number,
): SignatureCheck {
  const { header, prefix, encoding, sequence } = resolveSigningOptions(signing, 'createReceiver: signing')
  if (secret === undefined) return () => null
  if (typeof secret !== 'function') readTextKeys(secret, 'createReceiver')
  const secretOf = typeof secret === 'function' ? secret : () => secret
  return (path, headers, body) => {
    const known = secretOf(path)
    if (known === undefined) return null
    return (
      verifySignature({ secret: known, headers, body, now }) &&
      verifySignature({ secret: known, headers, body, scheme: 'body', header, prefix, encoding }) &&
      (!sequence || hasSignedSequence(known, headers))
    )
  }
}

function hasSignedSequence(secret: string | readonly string[], headers: IncomingHttpHeaders): boolean {
  return verifySequence({
    secret,
    eventId: headerText(headers, 'x-event-id') ?? undefined,
    sequence: headerText(headers, 'x-event-sequence') ?? undefined,
    signature: headerText(headers, 'x-event-sequence-signature') ?? undefined,
  })
}
