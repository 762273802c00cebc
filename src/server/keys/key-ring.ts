import { CapacityError, InvalidOptionError } from '../../errors/errors.ts'
import type { StoredKey, StoredTenant } from './key-store.ts'

/** Of revoked keys those revoked first are forgotten when there are more. */
const mostRevoked = 1000
const mostKeys = 10_000
const mostTenants = 100_000

/** Keys and tenants as they are held in memory, and how they change. */
export class KeyRing {
  /** In the order in which they were made. */
  readonly #keys: Map<string, StoredKey>
  readonly #tenants: Map<string, StoredTenant>

  constructor(keys: readonly StoredKey[] = [], tenants: readonly StoredTenant[] = []) {
    this.#keys = new Map(keys.map((key) => [key.id, key]))
    this.#tenants = new Map(tenants.map((tenant) => [tenant.id, tenant]))
  }

  get empty(): boolean {
    return this.#keys.size === 0
  }

  copy(): KeyRing {
    return new KeyRing(this.list(), this.tenants())
  }

  find(id: string): StoredKey | undefined {
    return this.#keys.get(id)
  }

  list(): readonly StoredKey[] {
    return [...this.#keys.values()]
  }

  tenant(id: string): StoredTenant | undefined {
    return this.#tenants.get(id)
  }

  tenants(): readonly StoredTenant[] {
    return [...this.#tenants.values()]
  }

  add(key: StoredKey): void {
    if (this.#keys.has(key.id)) {
      throw new InvalidOptionError(`the key's id ${key.id} is taken; nothing was stored`, 'id', key.id)
    }
    if (this.list().filter(isValid).length >= mostKeys) {
      throw new CapacityError(`there are ${mostKeys} keys, which is the most; revoke some`, 'keys')
    }
    this.#keys.set(key.id, key)
  }

  revoke(id: string, revokedAt: string): StoredKey | undefined {
    const key = this.#keys.get(id)
    if (key?.revokedAt !== null) return key
    const revoked = { ...key, revokedAt }
    this.#keys.set(id, revoked)
    this.#forgetRevoked()
    return revoked
  }

  setTenant(tenant: StoredTenant): void {
    if (!this.#tenants.has(tenant.id) && this.#tenants.size >= mostTenants) {
      throw new CapacityError(`${mostTenants} tenants were activated or deactivated, which is the most`, 'tenants')
    }
    this.#tenants.set(tenant.id, tenant)
  }

  /** Never the last key, so that a store which had one is never empty. */
  #forgetRevoked(): void {
    const revoked = this.list().filter((key) => !isValid(key))
    for (const key of revoked.slice(0, -mostRevoked)) this.#keys.delete(key.id)
  }
}

const isValid = (key: StoredKey): boolean => key.revokedAt === null
