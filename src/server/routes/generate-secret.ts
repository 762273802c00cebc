import type { RandomBytes } from '../../random/random-bytes.ts'

/** What Standard Webhooks takes at the most, and no more than a hash is long. */
const secretBytes = 32

/** A secret in the form of Standard Webhooks, which nobody can guess. */
export function generateSecret(randomBytes: RandomBytes): string {
  return `whsec_${Buffer.from(randomBytes(secretBytes)).toString('base64')}`
}
