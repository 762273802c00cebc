// What a person does to endpoints: register, change, pause, resume, remove, rotate. Everything is checked first, so a call
// that is refused has changed nothing.
import { OptionReader } from '../options/option-reader.ts'
import { takeId } from '../ids/checked-ids.ts'
import { readGiven } from '../options/read-given.ts'
import { refuseOption } from '../options/refuse-option.ts'
import type { LaneHost } from '../lane/lane-host.ts'
import { EndpointLanes } from '../lane/endpoint-lanes.ts'
import type { SequenceMemory } from '../lane/sequence-memory.ts'
import type { ServiceSettings } from '../service-options.ts'
import { parseSecret } from '../signing/secret.ts'
import { describeEndpoint } from './endpoint-details.ts'
import type { EndpointDetails } from './endpoint-details.ts'
import { Endpoint } from './endpoint.ts'
import { mergeEndpointOptions, resolveEndpointOptions } from './endpoint-options.ts'
import type { EndpointRegistry } from './endpoint-registry.ts'
import { parseEndpointUrl } from './endpoint-url.ts'

const dayMs = 86_400_000
const longestOverlapMs = 30 * dayMs

export class EndpointManagement {
  readonly #settings: ServiceSettings
  readonly #registry: EndpointRegistry
  readonly #host: LaneHost
  readonly #sequences: SequenceMemory

  constructor(settings: ServiceSettings, registry: EndpointRegistry, host: LaneHost, sequences: SequenceMemory) {
    this.#settings = settings
    this.#registry = registry
    this.#host = host
    this.#sequences = sequences
  }

  register(url: unknown, secret: unknown, options: unknown): string {
    const parsedUrl = parseEndpointUrl(url, this.#settings.egress)
    const parsedSecret = parseSecret(secret, 'registerEndpoint')
    const settings = resolveEndpointOptions(options, this.#settings)
    this.#registry.checkRoom()
    const id = takeId(this.#settings.ids, 'endpointId', (taken) => this.#registry.find(taken) !== undefined)
    const endpoint = new Endpoint(id, parsedUrl, parsedSecret, settings)
    this.#registry.add(new EndpointLanes(endpoint, this.#host, this.#sequences))
    return endpoint.id
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
    lanes.abandonAll({
      reason: 'endpoint_removed',
      message: 'endpoint_removed: the endpoint was removed',
      reach: 'notSent',
    })
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

  #releaseConnections(endpointId: string): void {
    try {
      this.#host.transport.release(endpointId)
    } catch {
      // A transport never throws. One that does must not leave the change half made.
    }
  }
}
