import { Subscriptions } from './subscriptions.ts'

/** What the index reads of an endpoint. */
interface TenantSettings {
  readonly tenantId: string | null
  readonly eventTypes: readonly string[]
}

interface Tenant<T> {
  readonly items: Set<T>
  readonly subscriptions: Subscriptions<T>
}

/**
 * Which endpoints a tenant has, and which of them are subscribed to what: to find them costs nothing for those of others. In
 * the order in which they became the tenant's.
 */
export class TenantEndpoints<T> {
  readonly #byId = new Map<string, Tenant<T>>()

  add(item: T, { tenantId, eventTypes }: TenantSettings): void {
    if (tenantId === null) return
    let tenant = this.#byId.get(tenantId)
    if (tenant === undefined)
      this.#byId.set(tenantId, (tenant = { items: new Set(), subscriptions: new Subscriptions() }))
    tenant.items.add(item)
    tenant.subscriptions.add(item, eventTypes)
  }

  remove(item: T, { tenantId, eventTypes }: TenantSettings): void {
    if (tenantId === null) return
    const tenant = this.#byId.get(tenantId)
    if (tenant === undefined) return
    tenant.items.delete(item)
    tenant.subscriptions.remove(item, eventTypes)
    if (tenant.items.size === 0) this.#byId.delete(tenantId)
  }

  replace(item: T, before: TenantSettings, after: TenantSettings): void {
    if (before.tenantId === after.tenantId && before.tenantId !== null) {
      this.#byId.get(before.tenantId)?.subscriptions.replace(item, before.eventTypes, after.eventTypes)
      return
    }
    this.remove(item, before)
    this.add(item, after)
  }

  of(tenantId: string): Iterable<T> {
    return this.#byId.get(tenantId)?.items ?? []
  }

  matching(tenantId: string, eventType: string): T[] {
    return this.#byId.get(tenantId)?.subscriptions.matching(eventType) ?? []
  }
}
