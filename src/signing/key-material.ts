import { createSecretKey, type KeyObject } from 'node:crypto'
import { InvalidSecretError } from '../errors/errors.ts'
import { readPrivateKey } from './ed25519-key.ts'
import { decodeStrictBase64 } from './strict-base64.ts'

/** What a secret signs with. Made once per secret; signing itself parses nothing. */
export interface KeyMaterial {
  /** The HMAC key of the body and sequence signatures: the secret's UTF-8 bytes, whatever its form. */
  readonly textKey: KeyObject
  /** The key of the Standard Webhooks signature: of type `secret` (HMAC, `v1`) or `private` (ed25519, `v1a`). */
  readonly standardKey: KeyObject
}

const longestSecret = 1024

/** Standard Webhooks 1.0.0: a symmetric key has 24 to 64 bytes. */
const shortestHmacKeyBytes = 24
const longestHmacKeyBytes = 64

/**
 * Reads a signing secret: any text, `whsec_…` or `whsk_…`.
 *
 * @param where the call, as its caller wrote it; opens the error message
 * @throws InvalidSecretError which tells the secret's type and length, never the secret
 */
export function readKeyMaterial(secret: unknown, where: string): KeyMaterial {
  const text = readSecretText(secret, where)
  const textKey = createSecretKey(text, 'utf8')
  if (text.startsWith('whsk_')) return { textKey, standardKey: ed25519Key(text, where) }
  if (text.startsWith('whsec_')) return { textKey, standardKey: decodedHmacKey(text, where) ?? textKey }
  if (text.startsWith('whpk_')) {
    // Everyone may know it, so as an HMAC key it would let everyone sign.
    throw new InvalidSecretError(`${where}: a public key (whpk_) cannot sign; give the private key (whsk_)`)
  }
  return { textKey, standardKey: textKey }
}

/** The secret as text that has UTF-8 bytes, or an InvalidSecretError. */
function readSecretText(secret: unknown, where: string): string {
  if (typeof secret !== 'string' || secret === '' || secret.length > longestSecret) {
    throw new InvalidSecretError(
      `${where}: the secret must be a string of 1 to ${longestSecret} characters, got ${describeSecret(secret)}`,
    )
  }
  // Every lone surrogate has the same UTF-8 bytes, so such a secret is weaker than it looks.
  if (/\p{Surrogate}/u.test(secret)) {
    throw new InvalidSecretError(
      `${where}: the secret must be well-formed Unicode text, got ${describeSecret(secret)} with a lone surrogate`,
    )
  }
  return secret
}

/** How an error shows a secret: its type and length, and nothing of what it says. */
function describeSecret(secret: unknown): string {
  if (typeof secret === 'string') return `a string of ${secret.length} characters`
  return secret === null || secret === undefined ? String(secret) : `a value of type ${typeof secret}`
}

function ed25519Key(text: string, where: string): KeyObject {
  const key = readPrivateKey(text.slice('whsk_'.length))
  if (key !== null) return key
  throw new InvalidSecretError(
    `${where}: a secret that starts with whsk_ must go on with the base64 of an ed25519 key, 32 bytes (seed) or ` +
      `64 bytes (seed and the public key that belongs to it), got ${describeSecret(text)}`,
  )
}

/** Null when what follows `whsec_` is no Standard Webhooks key: such a secret is plain text that looks like one. */
function decodedHmacKey(text: string, where: string): KeyObject | null {
  if (text === 'whsec_') {
    throw new InvalidSecretError(`${where}: a secret that starts with whsec_ must go on with a key, got nothing`)
  }
  const bytes = decodeStrictBase64(text.slice('whsec_'.length))
  if (bytes === null || bytes.length < shortestHmacKeyBytes || bytes.length > longestHmacKeyBytes) return null
  return createSecretKey(bytes)
}
