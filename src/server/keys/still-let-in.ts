import type { Caller } from './caller.ts'
import type { KeyStore } from './key-store.ts'

/** Whether a caller that was let in would be again: for what goes on long after it has asked. */
export function stillLetIn(keys: KeyStore, { keyId, tenantId }: Caller): boolean {
  if (keyId === null) return keys.empty
  if (keys.find(keyId)?.revokedAt !== null) return false
  return tenantId === null || keys.tenant(tenantId)?.active !== false
}
