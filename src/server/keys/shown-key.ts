import type { StoredKey } from './key-store.ts'

/** A key as it is shown: all but the hash of its secret. */
export type ShownKey = Omit<StoredKey, 'secretHash'>

export function showKey({ id, name, role, tenantId, createdAt, revokedAt }: StoredKey): ShownKey {
  return { id, name, role, tenantId, createdAt, revokedAt }
}
