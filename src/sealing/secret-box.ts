// Owns how a text is kept secret in a file: AES-256-GCM under a key that the file does not hold. Knows nothing of what the
// text is. What a home writes is `sealed:1:<key id>:<nonce>.<ciphertext and tag>`, both base64url, or, without a key,
// `plain:` and the text.
import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { StorageError } from '../errors/errors.ts'
import { systemRandomBytes } from '../random/random-bytes.ts'
import type { RandomBytes } from '../random/random-bytes.ts'
import { readSecretKeys } from './secret-keys.ts'

/**
 * Seals texts, each for the one thing it belongs to (`owner`): what was sealed for another does not open. Without keys it
 * marks them as plain.
 */
export interface SecretBox {
  seal(text: string, owner: string): string
  /** @throws StorageError `wrongKey` when it was sealed with a key that is not here, `damaged` when nobody sealed it so */
  open(sealed: string, owner: string): string
  /** Whether it was sealed otherwise than it would be now. Once everything is sealed anew, the former keys can go. */
  needsResealing(sealed: string): boolean
}

const cipher = 'aes-256-gcm'
/** 96 bits (NIST SP 800-38D, section 8.2.2). By chance alone a key may seal 2^32 texts; endpoints do not change so often. */
const nonceBytes = 12
const tagBytes = 16
const plainMark = 'plain:'
const sealedForm = /^sealed:1:([!-~]{1,64}):([\w-]{16})\.([\w-]{22,})$/

interface Sealed {
  readonly keyId: string
  readonly nonce: Uint8Array
  /** The ciphertext, and behind it the tag. */
  readonly content: Uint8Array
}

/**
 * @param keys `{ id, key }[]`: the first seals, all open; none when it is undefined or empty
 * @param option their path, for errors
 * @throws InvalidOptionError which shows nothing of a key
 */
export function secretBox(
  keys: unknown,
  option = 'secretKeys',
  randomBytes: RandomBytes = systemRandomBytes,
): SecretBox {
  const byId = readSecretKeys(keys, option)
  const [first] = byId
  return {
    seal: (text, owner) => (first === undefined ? plainMark + text : seal(first, text, owner, randomBytes)),
    open: (sealed, owner) =>
      sealed.startsWith(plainMark) ? sealed.slice(plainMark.length) : open(byId, sealed, owner),
    needsResealing: (sealed) => (sealed.startsWith(plainMark) ? first !== undefined : keyIdOf(sealed) !== first?.[0]),
  }
}

function seal(
  [keyId, key]: readonly [string, KeyObject],
  text: string,
  owner: string,
  randomBytes: RandomBytes,
): string {
  const nonce = randomBytes(nonceBytes)
  const gcm = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes })
  gcm.setAAD(boundTo(keyId, owner))
  const content = Buffer.concat([gcm.update(text, 'utf8'), gcm.final(), gcm.getAuthTag()])
  return `sealed:1:${keyId}:${Buffer.from(nonce).toString('base64url')}.${content.toString('base64url')}`
}

function open(keys: ReadonlyMap<string, KeyObject>, sealed: string, owner: string): string {
  const { keyId, nonce, content } = read(sealed, owner)
  const key = keys.get(keyId)
  if (key === undefined) refuseKey(`is sealed with the key ${JSON.stringify(keyId)}, which was not given`, owner)
  const gcm = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
  gcm.setAAD(boundTo(keyId, owner))
  gcm.setAuthTag(content.subarray(-tagBytes))
  try {
    return gcm.update(content.subarray(0, -tagBytes), undefined, 'utf8') + gcm.final('utf8')
  } catch {
    // What the cipher says is no help, and what it deciphered so far is none of anyone's.
    return refuseKey(
      `does not open with the key ${JSON.stringify(keyId)}: that is another key, or the text was changed`,
      owner,
    )
  }
}

function read(sealed: string, owner: string): Sealed {
  const parts = sealedForm.exec(sealed)
  const keyId = parts?.[1]
  const nonce = decode(parts?.[2])
  const content = decode(parts?.[3])
  if (keyId === undefined || nonce === null || content === null) {
    throw new StorageError(`what is stored of ${owner} is sealed in no form that this version knows`, 'damaged', false)
  }
  return { keyId, nonce, content }
}

function keyIdOf(sealed: string): string | undefined {
  return sealedForm.exec(sealed)?.[1]
}

/** Node's own decoder passes over what it cannot read. */
function decode(text: string | undefined): Uint8Array | null {
  if (text === undefined) return null
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : null
}

/** What is authenticated beside the text, in a form in which no two pairs are alike. */
function boundTo(keyId: string, owner: string): Uint8Array {
  return Buffer.from(JSON.stringify(['hookline sealed 1', keyId, owner]))
}

function refuseKey(what: string, owner: string): never {
  throw new StorageError(
    `what is stored of ${owner} ${what}; give it among the secret keys (the first seals, all open)`,
    'wrongKey',
    false,
  )
}
