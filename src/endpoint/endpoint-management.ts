// What a person does to endpoints: register, change, pause, resume, remove, rotate. Everything is checked first, so a call
// that is refused has changed nothing.
import { OptionReader } from '../options/option-reader.ts'
import { takeId } from '../ids/checked-ids.ts'
import { readGiven } from '../options/read-given.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { endpointRemovedFailure } from '../attempt/failure.ts'
import type { LaneHost } from '../lane/lane-host.ts'
import { EndpointLanes } from '../lane/endpoint-lanes.ts'
import { SequenceMemory } from '../lane/sequence-memory.ts'
import type { Comeback } from '../recovery/recovery.ts'
import type { ServiceSettings } from '../service-options.ts'
import { parseSecret } from '../signing/secret.ts'
import { describeEndpoint } from './endpoint-details.ts'
import type { EndpointDetails } from './endpoint-details.ts'
import { Endpoint } from './endpoint.ts'
import { mergeEndpointOptions, resolveEndpointId, resolveEndpointOptions } from './endpoint-options.ts'
import type { EndpointRegistry } from './endpoint-registry.ts'
import { parseEndpointUrl } from './endpoint-url.ts'

const dayMs = 86_400_000
const longestOverlapMs = 30 * dayMs

export class EndpointManagement {
  readonly #settings: ServiceSettings
  readonly #registry: EndpointRegistry
  readonly #host: LaneHost
  readonly #recovery: Comeback
  readonly #sequences: SequenceMemory

  constructor(settings: ServiceSettings, registry: EndpointRegistry, host: LaneHost, recovery: Comeback) {
    this.#settings = settings
    this.#registry = registry
    this.#host = host
    this.#recovery = recovery
    this.#sequences = new SequenceMemory(settings.limits.orderingKeys, host.windows)
  }

  register(url: unknown, secret: unknown, options: unknown): string {
    const parsedUrl = parseEndpointUrl(url, this.#settings.egress)
    const parsedSecret = parseSecret(secret, 'registerEndpoint')
    const settings = resolveEndpointOptions(options, this.#settings)
    const given = resolveEndpointId(options)
    this.#registry.checkRoom()
    const id = given ?? takeId(this.#settings.ids, 'endpointId', this.#isTaken)
    if (this.#registry.find(id) !== undefined) refuseOption('id', 'must be the id of no registered endpoint', id)
    this.#recovery.prepare(id, settings.ordering)
    const lanes = new EndpointLanes(new Endpoint(id, parsedUrl, parsedSecret, settings), this.#host, this.#sequences)
    this.#registry.add(lanes)
    this.#recovery.comeBack(lanes)
    return id
  }

  update(endpointId: unknown, patch: unknown): EndpointDetails {
    const lanes = this.#registry.get(endpointId)
    const { endpoint } = lanes
    const settings = mergeEndpointOptions(endpoint.settings, patch, this.#settings)
    if (settings.ordering !== endpoint.settings.ordering) {
      const rule = 'cannot be changed once events may wait in line; register another endpoint'
      refuseOption('ordering', rule, settings.ordering)
    }
    // mergeEndpointOptions has made sure that the patch is a plain object, if it is anything.
    const url = readGiven('url', () => (patch as { url?: unknown } | undefined)?.url)
    const parsedUrl = url === undefined ? endpoint.url : parseEndpointUrl(url, this.#settings.egress)
    // A getter in the patch may have removed the endpoint.
    this.#registry.get(endpointId)
    if (url !== undefined) {
      endpoint.url = parsedUrl
      this.#releaseConnections(endpoint.id)
    }
    this.#registry.update(lanes, settings, url !== undefined)
    return describeEndpoint(endpoint, lanes.health)
  }

  remove(endpointId: unknown): void {
    const lanes = this.#registry.get(endpointId)
    // Before the endpoint is forgotten: when the log refuses a record half-way, the call can be made again.
    lanes.abandonAll(endpointRemovedFailure)
    this.#registry.remove(lanes)
    this.#host.endpointRecords.forget(lanes.endpoint.id)
    this.#releaseConnections(lanes.endpoint.id)
  }

  rotateSecret(endpointId: unknown, secret: unknown, options: unknown): void {
    const { endpoint } = this.#registry.get(endpointId)
    const parsedSecret = parseSecret(secret, 'rotateSecret')
    const reader = new OptionReader(options, '', ['overlapMs'])
    const overlapMs = reader.wholeNumber('overlapMs', dayMs, { min: 0, max: longestOverlapMs })
    const nowMs = this.#settings.clock.now()
    endpoint.rotate(parsedSecret, nowMs, nowMs + overlapMs)
  }

  readonly #isTaken = (id: string): boolean => this.#registry.find(id) !== undefined || this.#recovery.awaits(id)

  #releaseConnections(endpointId: string): void {
    try {
      this.#host.transport.release(endpointId)
    } catch {
      // A transport never throws. One that does must not leave the change half made.
    }
  }
}
