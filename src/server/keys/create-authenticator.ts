import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../../clock/clock.ts'
import { constantTimeEqual } from '../../verify/constant-time-equal.ts'
import type { Authenticator, Refusal } from './authenticator.ts'
import type { Caller } from './caller.ts'
import { defaultFailureLimits, FailureLimit } from './failure-limit.ts'
import type { FailureLimits } from './failure-limit.ts'
import type { KeyStore, StoredKey } from './key-store.ts'
import { hashSecret, parseKeyText } from './key-text.ts'

/** Where there has never been a key. That only this machine asks then is the gate's to see to. */
const everyone: Caller = { role: 'admin', tenantId: null, keyId: null }
/** What the secret of an unknown key is compared with, so that it takes as long as that of a known one. */
const nobodysHash = '0'.repeat(64)
const bearer = /^bearer +(\S+) *$/i

/**
 * Tells who sends a request by its key: `Authorization: Bearer <key>` or `X-API-Key: <key>`.
 *
 * Wrong keys are limited by the address they come from, and overall. A right key is let in all the same: behind a proxy everyone
 * has one address, so a limit for right keys would let anybody lock out everybody, and 192 bits cannot be guessed at any pace.
 * That a key was revoked, or its tenant made inactive, is told to those alone who hold it, and is not counted as a wrong one.
 */
export function createAuthenticator(
  keys: KeyStore,
  clock: Clock,
  limits: FailureLimits = defaultFailureLimits,
): Authenticator {
  const failures = new FailureLimit(clock, limits)
  return {
    get open() {
      return keys.empty
    },
    authenticate(headers, address) {
      if (keys.empty) return everyone
      const given = givenKey(headers)
      if (given === null) return refuse('a key is needed: Authorization: Bearer <key>, or X-API-Key: <key>')
      const key = findKey(keys, given)
      return key === undefined ? refuseWrong(failures, address) : callerOf(keys, key)
    },
  }
}

/** Null when there is none; `''`, which is no key, when the two headers do not say the same. */
function givenKey({ authorization, 'x-api-key': plain }: IncomingHttpHeaders): string | null {
  if (authorization === undefined) return plain === undefined ? null : String(plain)
  const [, key = ''] = bearer.exec(authorization) ?? []
  return plain === undefined || plain === key ? key : ''
}

function findKey(keys: KeyStore, given: string): StoredKey | undefined {
  const parts = parseKeyText(given)
  if (parts === undefined) return undefined
  const key = keys.find(parts.id)
  const isRight = constantTimeEqual(hashSecret(parts.secret), key?.secretHash ?? nobodysHash)
  return isRight ? key : undefined
}

function callerOf(keys: KeyStore, { id, role, tenantId, revokedAt }: StoredKey): Caller | Refusal {
  if (revokedAt !== null) return refuse(`the key hk_${id}_… was revoked at ${revokedAt}`)
  if (tenantId !== null && keys.tenant(tenantId)?.active === false) {
    return refuse(`the tenant of the key hk_${id}_… is not active`)
  }
  return { role, tenantId, keyId: id }
}

function refuseWrong(failures: FailureLimit, address: string): Refusal {
  const retryAfterMs = failures.count(address)
  if (retryAfterMs === 0) return refuse('there is no such key')
  return {
    status: 429,
    message: 'too many wrong keys came from this address, or from all; try again later',
    retryAfterMs,
  }
}

const refuse = (message: string): Refusal => ({ status: 401, message })
