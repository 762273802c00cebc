import type { Access } from '../routes/route.ts'
import type { Caller } from './caller.ts'

/** Whether a caller may use a route at all. What it sees there is the {@link Tenancy}'s to say. */
export function mayCall(caller: Caller, access: Access): boolean {
  if (access === 'public') return true
  if (access.scope === 'platform' && caller.tenantId !== null) return false
  return access.roles.includes(caller.role)
}
