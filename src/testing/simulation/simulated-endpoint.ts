import { resolveEndpointOptions } from '../../endpoint/endpoint-options.ts'
import type { EndpointOptions, EndpointSettings } from '../../endpoint/endpoint-options.ts'
import { policyFor } from '../../retry/retry-policies.ts'
import type { RetryPolicy } from '../../retry/retry-policy.ts'
import type { ServiceSettings } from '../../service-options.ts'
import type { EndpointPatch } from '../../webhook-service.ts'
import type { ResolvedBehaviour } from './endpoint-behaviour.ts'

/** A secret the endpoint has had, newest first in its list. */
export interface HeldSecret {
  readonly text: string
  /** Until when it may sign, by the wall clock, in milliseconds since the Unix epoch. */
  untilWallMs: number
}

/** What is looked at of how an endpoint is registered. */
export interface Wanted {
  readonly url: string
  readonly secret: string
  readonly settings: EndpointSettings
}

/** One endpoint of the world, with all that its owner knows of how it is registered. */
export class SimulatedEndpoint {
  readonly index: number
  readonly behaviour: ResolvedBehaviour
  readonly #service: ServiceSettings
  #options: EndpointOptions
  #settings: EndpointSettings
  /** Its id in the service; the service gives it. */
  id = ''
  url: string
  moves = 0
  /** How often its rate limit was set anew. */
  rateLimitVersion = 0
  removed = false
  /** Whether no crash can bring it back. */
  removedForGood = false
  /** The life of the process in which it was registered last, and when. */
  registeredLife = 0
  readonly registeredTicks: number[] = []
  /** When its breaker began anew, by a change of the endpoint. */
  readonly breakerTicks: number[] = []
  readonly secrets: HeldSecret[]
  /** How it was registered when that was durable last, and each way since; null and none where nothing keeps it. */
  durable: Wanted | null = null
  readonly sinceDurable: Wanted[] = []
  /** When it took a request last; meaningful with a throttle. */
  takenAtMs = -Infinity

  constructor(index: number, behaviour: ResolvedBehaviour, service: ServiceSettings) {
    this.index = index
    this.behaviour = behaviour
    this.#service = service
    this.#options = behaviour.options
    this.#settings = resolveEndpointOptions(behaviour.options, service)
    this.url = `https://endpoint-${index}.example/hooks`
    this.secrets = [{ text: `the secret of endpoint ${index}`, untilWallMs: Infinity }]
  }

  /** As it would be registered now. */
  get options(): EndpointOptions {
    return this.#options
  }

  get wanted(): Wanted {
    return { url: this.url, secret: this.secret, settings: this.#settings }
  }

  get settings(): EndpointSettings {
    return this.#settings
  }

  get secret(): string {
    return this.secrets[0]?.text ?? ''
  }

  get timeoutMs(): number {
    return this.#settings.timeoutMs ?? this.#service.timeoutMs
  }

  policyFor(eventType: string): RetryPolicy {
    const { retry, retryPolicies } = this.#service
    return policyFor(eventType, this.#settings.retry, retryPolicies, retry)
  }

  laneKey(eventId: string, orderingKey: string | null): string {
    const { ordering } = this.#settings
    if (ordering === 'fifo') return ''
    return ordering === 'key' ? (orderingKey ?? '') : eventId
  }

  /** The service has taken the change. */
  changed({ url, ...settings }: EndpointPatch): void {
    if (url !== undefined) this.url = String(url)
    if (settings.rateLimit !== undefined) this.rateLimitVersion += 1
    this.#options = { ...this.#options, ...settings }
    this.#settings = resolveEndpointOptions(this.#options, this.#service)
  }

  rotated(text: string, nowMs: number, overlapMs: number): void {
    const [current] = this.secrets
    if (current !== undefined) current.untilWallMs = nowMs + overlapMs
    this.secrets.unshift({ text, untilWallMs: Infinity })
  }
}
