// The policy file of a what-if run: the options of a service and of its endpoints, under their own names.
import { resolveEndpointOptions } from '../endpoint/endpoint-options.ts'
import type { EndpointOptions, EndpointSettings, Ordering } from '../endpoint/endpoint-options.ts'
import { InvalidOptionError } from '../errors/errors.ts'
import { OptionReader, checkPlainObject, entriesOf } from '../options/option-reader.ts'
import { policyFor } from '../retry/retry-policies.ts'
import type { RetryPolicy } from '../retry/retry-policy.ts'
import { resolveServiceOptions } from '../service-options.ts'
import type { ServiceSettings, WebhookServiceOptions } from '../service-options.ts'

const serviceNames = ['retry', 'retryPolicies', 'rateLimit', 'concurrency', 'timeoutMs'] as const
const endpointNames = [
  'retry',
  'rateLimit',
  'breaker',
  'concurrency',
  'ordering',
  'whenExhausted',
  'autoDisable',
  'timeoutMs',
] as const

/** What a policy builds on: how the endpoint was, as far as its log tells. */
export interface RecordedSettings {
  readonly endpointId: string
  readonly ordering: Ordering
  readonly halts: boolean
}

type Options = Readonly<Record<string, unknown>>

/** The options under which a run is made. What a policy does not say is as recorded where a log tells it, else the default. */
export class Policy {
  /** As `createWebhookService` takes them. */
  readonly serviceOptions: Pick<WebhookServiceOptions, (typeof serviceNames)[number]>
  readonly #service: ServiceSettings
  /** For every endpoint. */
  readonly #endpoint: Options
  /** For some, by id; over those for every one. */
  readonly #endpoints: ReadonlyMap<string, Options>

  /**
   * @param value what a policy file holds, parsed
   * @throws InvalidOptionError naming what is wrong: `endpoint.retry.maxAttempts`
   */
  constructor(value: unknown) {
    const reader = new OptionReader(value, '', [...serviceNames, 'endpoint', 'endpoints'])
    const given = serviceNames.map((name) => [name, reader.given(name)] as const)
    // resolveServiceOptions checks them on the next line.
    this.serviceOptions = Object.fromEntries(given) as Policy['serviceOptions']
    this.#service = resolveServiceOptions(this.serviceOptions, {})
    this.#endpoint = readOptions(reader.given('endpoint'), 'endpoint')
    const byId = reader.given('endpoints')
    const own = byId === undefined ? [] : entriesOf(byId, 'endpoints')
    this.#endpoints = new Map(own.map(([id, options]) => [id, readOptions(options, `endpoints.${id}`)]))
    this.#settingsOf({ endpointId: '', ordering: 'key', halts: false })
    for (const endpointId of this.#endpoints.keys()) this.#settingsOf({ endpointId, ordering: 'key', halts: false })
  }

  /** Endpoints that it names. */
  get endpointIds(): Iterable<string> {
    return this.#endpoints.keys()
  }

  /** As `registerEndpoint` takes them. @throws InvalidOptionError when they do not fit the endpoint's recorded ordering */
  endpointOptions(recorded: RecordedSettings): EndpointOptions {
    const options = this.#merged(recorded)
    this.#checked(recorded.endpointId, options)
    // Checked on the line before.
    return options as EndpointOptions
  }

  /** The retry policy of an event. */
  retryFor(recorded: RecordedSettings, eventType: string): RetryPolicy {
    const { retry, retryPolicies } = this.#service
    return policyFor(eventType, this.#settingsOf(recorded).retry, retryPolicies, retry)
  }

  /** Whether it says itself when an endpoint is disabled. */
  autoDisables(recorded: RecordedSettings): boolean {
    return this.#settingsOf(recorded).autoDisable !== null
  }

  #settingsOf(recorded: RecordedSettings): EndpointSettings {
    return this.#checked(recorded.endpointId, this.#merged(recorded))
  }

  #merged({ endpointId, ordering: recordedOrdering, halts }: RecordedSettings): Options {
    const own = this.#endpoints.get(endpointId) ?? {}
    const { concurrency, ...everyone } = this.#endpoint
    const ordering = own['ordering'] ?? everyone['ordering'] ?? recordedOrdering
    return {
      whenExhausted: halts ? 'halt' : 'park',
      ...everyone,
      // One line sends one request at a time, whatever the others do.
      ...(ordering === 'fifo' || concurrency === undefined ? {} : { concurrency }),
      ...own,
      ordering,
    }
  }

  /** What is refused is named by where it stands in the policy. */
  #checked(endpointId: string, options: Options): EndpointSettings {
    try {
      return resolveEndpointOptions(options, { retry: this.#service.retry })
    } catch (error) {
      if (!(error instanceof InvalidOptionError)) throw error
      const where = this.#endpoints.has(endpointId) ? `endpoints.${endpointId}` : 'endpoint'
      throw new InvalidOptionError(`${where}.${error.message}`, `${where}.${error.option}`, error.received)
    }
  }
}

function readOptions(value: unknown, option: string): Options {
  if (value === undefined) return {}
  const given = checkPlainObject(value, option)
  const reader = new OptionReader(given, option, endpointNames)
  return Object.fromEntries(
    endpointNames.flatMap((name) => (reader.given(name) === undefined ? [] : [[name, reader.given(name)]])),
  )
}
