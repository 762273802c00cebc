import { KeyRing } from './key-ring.ts'
import type { KeyStore } from './key-store.ts'

/** Keys in memory: for tests, and for those who keep them in a place of their own. They are gone with the process. */
export function memoryKeys(): KeyStore {
  const ring = new KeyRing()
  return {
    get empty() {
      return ring.empty
    },
    find: (id) => ring.find(id),
    list: () => ring.list(),
    tenant: (id) => ring.tenant(id),
    tenants: () => ring.tenants(),
    add: async (key) => ring.add(key),
    revoke: async (id, revokedAt) => ring.revoke(id, revokedAt),
    setTenant: async (tenant) => ring.setTenant(tenant),
  }
}
