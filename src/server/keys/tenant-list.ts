import type { KeyStore } from './key-store.ts'

/** A tenant as the store knows it. */
export interface TenantState {
  readonly id: string
  /** Whether its keys let in. */
  readonly active: boolean
  /** When it was last activated or deactivated; null when it never was. */
  readonly changedAt: string | null
  /** Its keys that were not revoked. */
  readonly keys: number
}

/** The tenants that have, or had, a key, or were activated or deactivated, in the order of their ids. */
export function listTenants(keys: KeyStore): readonly TenantState[] {
  const counts = new Map(keys.tenants().map(({ id }) => [id, 0]))
  for (const { tenantId, revokedAt } of keys.list()) {
    if (tenantId !== null) counts.set(tenantId, (counts.get(tenantId) ?? 0) + (revokedAt === null ? 1 : 0))
  }
  return [...counts].map(([id, count]) => stateOf(keys, id, count)).sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** Lets a tenant's keys in, or not. @returns the tenant as it is now */
export async function setTenantActive(
  keys: KeyStore,
  { id, active }: Pick<TenantState, 'id' | 'active'>,
  changedAt: string,
): Promise<TenantState> {
  await keys.setTenant({ id, active, changedAt })
  const count = keys.list().filter(({ tenantId, revokedAt }) => tenantId === id && revokedAt === null).length
  return stateOf(keys, id, count)
}

function stateOf(keys: KeyStore, id: string, count: number): TenantState {
  const { active = true, changedAt = null } = keys.tenant(id) ?? {}
  return { id, active, changedAt, keys: count }
}
