import type { KeyObject } from 'node:crypto'
import { InvalidSecretError } from '../errors/errors.ts'
import { readPublicKey } from '../signing/ed25519-key.ts'
import { readKeyMaterial } from '../signing/key-material.ts'

/** What a receiver checks signatures with. */
export interface VerificationKey {
  /** The HMAC key of body and sequence signatures. Null for a public key, which cannot check them. */
  readonly textKey: KeyObject | null
  /** The key of Standard Webhooks signatures: of type `secret` (HMAC, `v1`), `private` or `public` (ed25519, `v1a`). */
  readonly standardKey: KeyObject
}

/**
 * Reads a receiver's secret or secrets: what the sender signs with, or `whpk_…`.
 *
 * @throws InvalidSecretError for no secret, and for one that nothing can have been signed with
 */
export function readVerificationKeys(secret: unknown, where: string): VerificationKey[] {
  const secrets: unknown[] = Array.isArray(secret) ? secret : [secret]
  if (secrets.length === 0) throw new InvalidSecretError(`${where}: the list of secrets must not be empty`)
  return secrets.map((each) => readVerificationKey(each, where))
}

/** The HMAC keys of a receiver's secret or secrets, for the signatures that a public key cannot check. */
export function readTextKeys(secret: unknown, where: string): KeyObject[] {
  return readVerificationKeys(secret, where).map(({ textKey }) => {
    if (textKey !== null) return textKey
    throw new InvalidSecretError(
      `${where}: a public key (whpk_) checks only Standard Webhooks signatures; give the secret the sender signs with`,
    )
  })
}

function readVerificationKey(secret: unknown, where: string): VerificationKey {
  if (typeof secret !== 'string' || !secret.startsWith('whpk_')) return readKeyMaterial(secret, where)
  const standardKey = readPublicKey(secret.slice('whpk_'.length))
  if (standardKey !== null) return { textKey: null, standardKey }
  throw new InvalidSecretError(
    `${where}: a secret that starts with whpk_ must go on with the base64 of an ed25519 public key of 32 bytes, ` +
      `got a string of ${secret.length} characters`,
  )
}
