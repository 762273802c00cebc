import type { Clock } from '../../clock/clock.ts'
import { isoTime } from '../../clock/iso-time.ts'
import { checkOneOf, checkPrintableString } from '../../options/value-checks.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { systemRandomBytes } from '../../random/random-bytes.ts'
import type { RandomBytes } from '../../random/random-bytes.ts'
import { roles } from './caller.ts'
import type { Role } from './caller.ts'
import type { KeyStore, StoredKey } from './key-store.ts'
import { hashSecret, keyText, makeKeyParts } from './key-text.ts'

export interface KeyOptions {
  /** 1 to 128 characters, for people. */
  readonly name: string
  readonly role: Role
  /** 1 to 128 characters. @default null: a key of the platform */
  readonly tenantId?: string | null | undefined
}

/** A new key: its text is shown once, and kept nowhere. */
export interface IssuedKey {
  readonly text: string
  readonly key: StoredKey
}

/** The ports by which a key comes to its time and its chance. */
export interface KeyPorts {
  /** @default the system's */
  readonly clock?: Clock | undefined
  /** @default the system's */
  readonly randomBytes?: RandomBytes | undefined
}

const textLength = { min: 1, max: 128 }

/**
 * Makes a key and puts it into the store.
 *
 * @throws InvalidOptionError, CapacityError, or what the store rejects with; then there is no such key
 */
export async function issueKey(
  keys: KeyStore,
  { name, role, tenantId = null }: KeyOptions,
  { clock = systemClock, randomBytes = systemRandomBytes }: KeyPorts = {},
): Promise<IssuedKey> {
  const parts = makeKeyParts(randomBytes)
  const key: StoredKey = {
    id: parts.id,
    name: checkPrintableString(name, 'name', textLength),
    role: checkOneOf(role, 'role', roles),
    tenantId: tenantId === null ? null : checkTenantId(tenantId, 'tenantId'),
    secretHash: hashSecret(parts.secret),
    createdAt: isoTime(clock.now()),
    revokedAt: null,
  }
  await keys.add(key)
  return { text: keyText(parts), key }
}

export function checkTenantId(value: unknown, option: string): string {
  return checkPrintableString(value, option, textLength)
}
