// What a person does to endpoints: register, change, pause, resume, remove, rotate. Everything is checked first, and what
// the home keeps of it is put there next: a call that is refused, by either, has changed nothing.
import { isDeepStrictEqual } from 'node:util'
import { OptionReader } from '../options/option-reader.ts'
import { takeId } from '../ids/checked-ids.ts'
import { readGiven } from '../options/read-given.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { DivergenceError } from '../errors/errors.ts'
import type { LaneHost } from '../lane/lane-host.ts'
import { EndpointLanes } from '../lane/endpoint-lanes.ts'
import { LeavingEndpoint } from '../lane/leaving-endpoint.ts'
import type { Removals } from '../lane/removals.ts'
import { SequenceMemory } from '../lane/sequence-memory.ts'
import type { Comeback } from '../recovery/recovery.ts'
import type { ServiceSettings } from '../service-options.ts'
import { parseSecret } from '../signing/secret.ts'
import { describeEndpoint } from './endpoint-details.ts'
import type { EndpointDetails } from './endpoint-details.ts'
import { Endpoint } from './endpoint.ts'
import { mergeEndpointOptions, resolveEndpointId, resolveEndpointOptions } from './endpoint-options.ts'
import type { EndpointSettings } from './endpoint-options.ts'
import type { EndpointRegistry } from './endpoint-registry.ts'
import { parseEndpointUrl } from './endpoint-url.ts'
import type { Configuration, KeptEndpoints } from './kept-endpoints.ts'

const dayMs = 86_400_000
const longestOverlapMs = 30 * dayMs

export class EndpointManagement {
  readonly #settings: ServiceSettings
  readonly #registry: EndpointRegistry
  readonly #host: LaneHost
  readonly #recovery: Comeback
  readonly #removals: Removals
  readonly #kept: KeptEndpoints
  readonly #sequences: SequenceMemory
  /** Those that came back by themselves, and that nobody has registered since. */
  readonly #unclaimed = new Set<string>()

  constructor(
    settings: ServiceSettings,
    registry: EndpointRegistry,
    host: LaneHost,
    recovery: Comeback,
    removals: Removals,
    kept: KeptEndpoints,
  ) {
    this.#settings = settings
    this.#registry = registry
    this.#host = host
    this.#recovery = recovery
    this.#removals = removals
    this.#kept = kept
    this.#sequences = new SequenceMemory(settings.limits.orderingKeys, host.windows)
  }

  /**
   * Registers the endpoints that the home kept, as they were. One that this version cannot read, or whose own records do not
   * follow from one another, is told to `leftOut`; its events wait as those of an endpoint that was not registered again.
   * Throws what the log throws, and has registered none then.
   */
  comeBack(leftOut: (endpointId: string, error: unknown) => void): void {
    const ready = this.#kept.read(this.#settings, leftOut).filter(({ id }) => {
      try {
        // Its ordering is the one it had: what else may wait was put back in line after one of another ordering was removed.
        this.#recovery.prepare(id, null)
        return true
      } catch (error) {
        if (!(error instanceof DivergenceError)) throw error
        leftOut(id, error)
        return false
      }
    })
    for (const endpoint of ready) {
      this.#add(endpoint)
      this.#unclaimed.add(endpoint.id)
    }
  }

  register(url: unknown, secret: unknown, options: unknown): string {
    const given = { url: parseEndpointUrl(url, this.#settings.egress), secret: parseSecret(secret, 'registerEndpoint') }
    const settings = resolveEndpointOptions(options, this.#settings)
    const givenId = resolveEndpointId(options)
    const secrets = { current: given.secret, former: null }
    if (givenId !== null && this.#unclaimed.has(givenId)) {
      return this.#takeOver(this.#registry.get(givenId), { url: given.url, secrets, settings })
    }
    this.#registry.checkRoom()
    const id = givenId ?? takeId(this.#settings.ids, 'endpointId', this.#isTaken)
    if (this.#registry.find(id) !== undefined) refuseOption('id', 'must be the id of no registered endpoint', id)
    this.#removals.checkFree(id)
    this.#recovery.prepare(id, settings.ordering)
    const endpoint = new Endpoint(id, given.url, secrets, settings)
    this.#kept.put(id, endpoint)
    this.#add(endpoint)
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
    this.#change(lanes, { url: parsedUrl, secrets: endpoint.secrets, settings }, url !== undefined)
    return describeEndpoint(endpoint, lanes.health)
  }

  /** Returns its id. */
  remove(endpointId: unknown): string {
    const lanes = this.#registry.get(endpointId)
    const { id } = lanes.endpoint
    this.#kept.remove(id)
    // Before the endpoint is forgotten: when the log refuses a record half-way, the call can be made again.
    this.#removals.begin(new LeavingEndpoint(lanes, this.#host))
    this.#registry.remove(lanes)
    this.#unclaimed.delete(id)
    this.#releaseConnections(id)
    return id
  }

  rotateSecret(endpointId: unknown, secret: unknown, options: unknown): void {
    const { endpoint } = this.#registry.get(endpointId)
    const current = parseSecret(secret, 'rotateSecret')
    const reader = new OptionReader(options, '', ['overlapMs'])
    const overlapMs = reader.wholeNumber('overlapMs', dayMs, { min: 0, max: longestOverlapMs })
    // A getter in the options may have removed the endpoint.
    this.#registry.get(endpointId)
    // Without an overlap it signs no more, however far the wall clock is set back.
    const untilMs = overlapMs === 0 ? 0 : this.#settings.clock.now() + overlapMs
    const { url, settings } = endpoint
    const secrets = { current, former: { secret: endpoint.secrets.current, untilMs } }
    this.#kept.put(endpoint.id, { url, secrets, settings })
    endpoint.secrets = secrets
  }

  readonly #isTaken = (id: string): boolean => this.#registry.find(id) !== undefined || this.#recovery.awaits(id)

  #add(endpoint: Endpoint): void {
    const lanes = new EndpointLanes(endpoint, this.#host, this.#sequences)
    this.#registry.add(lanes)
    this.#recovery.comeBack(lanes)
  }

  /** What it is given replaces what came back. Where both say the same, what is under way goes on. */
  #takeOver(lanes: EndpointLanes, given: Configuration): string {
    const { endpoint } = lanes
    const { id, secrets, settings: before } = endpoint
    if (given.settings.ordering !== before.ordering) {
      const rule = `must be '${before.ordering}', that of the endpoint that came back; remove it first for another`
      refuseOption('ordering', rule, given.settings.ordering)
    }
    const settings = keepEqual(before, given.settings)
    const moved = given.url.href !== endpoint.url.href
    const sameSecret = given.secrets.current.reveal() === secrets.current.reveal()
    if (moved || !sameSecret || !isDeepStrictEqual(settings, before)) {
      this.#change(lanes, { url: given.url, secrets: sameSecret ? secrets : given.secrets, settings }, moved)
    }
    this.#unclaimed.delete(id)
    return id
  }

  #change(lanes: EndpointLanes, changed: Configuration, moved: boolean): void {
    const { endpoint } = lanes
    this.#kept.put(endpoint.id, changed)
    if (changed.secrets !== endpoint.secrets) endpoint.secrets = changed.secrets
    if (moved) {
      endpoint.url = changed.url
      this.#releaseConnections(endpoint.id)
    }
    this.#registry.update(lanes, changed.settings, moved)
  }

  #releaseConnections(endpointId: string): void {
    try {
      this.#host.transport.release(endpointId)
    } catch {
      // A transport never throws. One that does must not leave the change half made.
    }
  }
}

/** `settings`, with the very values of `before` where they are equal: a value that is new starts its limit or breaker afresh. */
function keepEqual(before: EndpointSettings, settings: EndpointSettings): EndpointSettings {
  const kept = Object.entries(before).filter(([name, value]) => isDeepStrictEqual(value, Reflect.get(settings, name)))
  return Object.freeze({ ...settings, ...Object.fromEntries(kept) })
}
