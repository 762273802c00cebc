import type { Role } from './caller.ts'

/** A key as it is kept: nothing in it lets anyone in. */
export interface StoredKey {
  /** 12 hex digits; the key's own text begins with `hk_<id>_`. */
  readonly id: string
  /** What its maker calls it. */
  readonly name: string
  readonly role: Role
  /** The tenant it belongs to; null for a key of the platform, which sees everything. */
  readonly tenantId: string | null
  /** SHA-256 of the key's secret, in hex. */
  readonly secretHash: string
  /** ISO 8601. */
  readonly createdAt: string
  /** ISO 8601; null while it lets in. A revoked key stays known, so that its holder can be told. */
  readonly revokedAt: string | null
}

/** Whether a tenant's keys let in. A tenant that the store knows nothing of is active. */
export interface StoredTenant {
  readonly id: string
  readonly active: boolean
  /** When it was last activated or deactivated. ISO 8601. */
  readonly changedAt: string
}

/**
 * The port through which keys are kept. Reads answer from memory, for every request asks; a write resolves when it is as
 * durable as the store is, and what it rejects with has changed nothing.
 */
export interface KeyStore {
  /**
   * Whether there has never been a key. A store from which every key was revoked is not empty: whoever revokes the last one
   * does not open the server to everyone.
   */
  readonly empty: boolean
  /** Revoked ones too. */
  find(id: string): StoredKey | undefined
  /** Revoked ones too, in the order in which they were made. */
  list(): readonly StoredKey[]
  /** The tenants that were activated or deactivated, by id. */
  tenants(): readonly StoredTenant[]
  tenant(id: string): StoredTenant | undefined
  /** @throws InvalidOptionError when its id is taken, CapacityError when there are too many */
  add(key: StoredKey): Promise<void>
  /** @returns the key as it is now, its first `revokedAt` kept; undefined when no key has the id */
  revoke(id: string, revokedAt: string): Promise<StoredKey | undefined>
  /** @throws CapacityError when there are too many */
  setTenant(tenant: StoredTenant): Promise<void>
}
