import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { decodeStrictBase64 } from './strict-base64.ts'

/** What stands before the 32 key bytes in DER: PKCS #8 and SubjectPublicKeyInfo, RFC 8410 sections 7 and 4. */
const privateDerHead = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicDerHead = Buffer.from('302a300506032b6570032100', 'hex')
const halfBytes = 32

/**
 * The private key behind `whsk_`: base64 of the seed (32 bytes), or of the seed and its public key (64 bytes).
 * Null for anything else, and for a public half that is not the seed's.
 */
export function readPrivateKey(base64: string): KeyObject | null {
  const bytes = decodeStrictBase64(base64)
  if (bytes === null || (bytes.length !== halfBytes && bytes.length !== 2 * halfBytes)) return null
  const seed = bytes.subarray(0, halfBytes)
  const key = createPrivateKey({ key: Buffer.concat([privateDerHead, seed]), format: 'der', type: 'pkcs8' })
  if (bytes.length === halfBytes) return key
  const publicDer = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return publicDer.subarray(publicDerHead.length).equals(bytes.subarray(halfBytes)) ? key : null
}

/** The public key behind `whpk_`: base64 of 32 bytes. Null for anything else. */
export function readPublicKey(base64: string): KeyObject | null {
  const bytes = decodeStrictBase64(base64)
  if (bytes?.length !== halfBytes) return null
  return createPublicKey({ key: Buffer.concat([publicDerHead, bytes]), format: 'der', type: 'spki' })
}
