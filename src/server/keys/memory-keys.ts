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
    add: (key) => answer(() => ring.add(key)),
    revoke: (id, revokedAt) => answer(() => ring.revoke(id, revokedAt)),
    setTenant: (tenant) => answer(() => ring.setTenant(tenant)),
  }
}

/** What `act` throws is what the promise rejects with. */
const answer = <T>(act: () => T): Promise<T> => new Promise((resolve) => resolve(act()))
