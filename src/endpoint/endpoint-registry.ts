// The endpoints there are, each with its lanes, and who is subscribed to what.
import { nameId } from '../errors/describe-value.ts'
import { CapacityError, EndpointDisabledError, EndpointNotFoundError } from '../errors/errors.ts'
import { inBatch } from '../errors/in-batch.ts'
import type { EndpointLanes } from '../lane/endpoint-lanes.ts'
import type { EndpointIdsQuery } from './endpoint-ids-filter.ts'
import type { EndpointSettings } from './endpoint-options.ts'
import { Subscriptions } from './subscriptions.ts'
import { TenantEndpoints } from './tenant-endpoints.ts'

export class EndpointRegistry {
  readonly #limit: number
  readonly #byId = new Map<string, EndpointLanes>()
  readonly #subscriptions = new Subscriptions<EndpointLanes>()
  readonly #tenants = new TenantEndpoints<EndpointLanes>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#byId.size
  }

  /** In the order of registration. */
  [Symbol.iterator](): IterableIterator<EndpointLanes> {
    return this.#byId.values()
  }

  /** @throws CapacityError when there is no room for one more */
  checkRoom(): void {
    if (this.#byId.size < this.#limit) return
    throw new CapacityError(
      `${this.#byId.size} endpoints are registered and limits.endpoints is ${this.#limit}: remove one first`,
      'limits.endpoints',
    )
  }

  add(lanes: EndpointLanes): void {
    this.#byId.set(lanes.endpoint.id, lanes)
    this.#subscriptions.add(lanes, lanes.endpoint.settings.eventTypes)
    this.#tenants.add(lanes, lanes.endpoint.settings)
  }

  remove(lanes: EndpointLanes): void {
    this.#byId.delete(lanes.endpoint.id)
    this.#subscriptions.remove(lanes, lanes.endpoint.settings.eventTypes)
    this.#tenants.remove(lanes, lanes.endpoint.settings)
  }

  /** `where` is the path of what names it in a batch. @throws EndpointNotFoundError */
  get(endpointId: unknown, where = ''): EndpointLanes {
    const lanes = typeof endpointId === 'string' ? this.#byId.get(endpointId) : undefined
    if (lanes === undefined) {
      const unknown = `no endpoint has the id ${nameId(endpointId)}: it was never registered, or it was removed`
      throw new EndpointNotFoundError(inBatch(where, unknown))
    }
    return lanes
  }

  /** An endpoint that takes new events. @throws EndpointNotFoundError, EndpointDisabledError */
  getEnabled(endpointId: unknown, where = ''): EndpointLanes {
    const lanes = this.get(endpointId, where)
    if (lanes.health.state !== 'disabled') return lanes
    const disabled = `endpoint ${lanes.endpoint.id} is disabled and takes no events; resumeEndpoint enables it again`
    throw new EndpointDisabledError(inBatch(where, disabled))
  }

  find(endpointId: string): EndpointLanes | undefined {
    return this.#byId.get(endpointId)
  }

  /** Subscribed endpoints that take new events, in the order of registration. */
  subscribersOf(eventType: string): EndpointLanes[] {
    return this.#subscriptions.matching(eventType).filter(isEnabled)
  }

  ids({ tenantId, subscribedTo }: EndpointIdsQuery): string[] {
    return Array.from(this.#found(tenantId, subscribedTo), ({ endpoint }) => endpoint.id)
  }

  /** Takes up an endpoint's new settings; `moved`: its URL is new too. */
  update(lanes: EndpointLanes, settings: EndpointSettings, moved: boolean): void {
    this.#subscriptions.replace(lanes, lanes.endpoint.settings.eventTypes, settings.eventTypes)
    this.#tenants.replace(lanes, lanes.endpoint.settings, settings)
    lanes.update(settings, moved)
  }

  #found(tenantId: string | null, subscribedTo: string | null): Iterable<EndpointLanes> {
    if (subscribedTo === null) return tenantId === null ? this : this.#tenants.of(tenantId)
    if (tenantId === null) return this.subscribersOf(subscribedTo)
    return this.#tenants.matching(tenantId, subscribedTo).filter(isEnabled)
  }
}

function isEnabled({ health }: EndpointLanes): boolean {
  return health.state !== 'disabled'
}
