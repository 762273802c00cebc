import { resolveAutoDisable } from '../health/auto-disable.ts'
import type { AutoDisable, AutoDisableOptions } from '../health/auto-disable.ts'
import { resolveBreaker } from '../health/breaker-settings.ts'
import type { BreakerSettings } from '../health/breaker-settings.ts'
import { OptionReader } from '../options/option-reader.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { checkList, checkPrintableString, checkString, checkWholeNumber } from '../options/value-checks.ts'
import { resolveRetryPolicy } from '../retry/retry-policy.ts'
import type { RetryOptions, RetryPolicy } from '../retry/retry-policy.ts'
import { headerKey } from '../signing/reserved-headers.ts'
import { resolveSigningOptions } from '../signing/signing-options.ts'
import type { SigningOptions, SigningSettings } from '../signing/signing-options.ts'
import { resolveCustomHeaders } from './custom-headers.ts'
import { anyEventType, parsePattern } from './event-type-pattern.ts'
import { resolveRateLimit } from './rate-limit.ts'
import type { RateLimit, RateLimitOptions } from './rate-limit.ts'

const orderings = ['fifo', 'key', 'none'] as const
const exhaustions = ['park', 'halt'] as const
const bodies = ['payload', 'envelope'] as const

/** Which events of an endpoint wait for each other: all, those of one ordering key, or none. */
export type Ordering = (typeof orderings)[number]

/** What an event whose attempts ran out does to the line behind it. */
export type WhenExhausted = (typeof exhaustions)[number]

/** What the request's body holds. */
export type BodyForm = (typeof bodies)[number]

/** The settings of an endpoint, given when it is registered. Where null is taken, it means the default. */
export interface EndpointOptions {
  /**
   * Which published events the endpoint gets: event types, prefixes (`payment.*`: one or more segments after `payment`)
   * or `*`. It does not touch `submitEvent`, which names its endpoint. 1 to 100.
   * @default ['*']
   */
  eventTypes?: readonly string[] | undefined
  /**
   * The endpoint's own retry policy, which wins over the service's `retryPolicies`; what is not given in it is taken from
   * the service's `retry`.
   * @default the policy the service has for the event's type
   */
  retry?: RetryOptions | null | undefined
  /**
   * The deadline of one request, counted from dispatch, over everything from DNS to the end of the answer.
   * @default the service's `timeoutMs`. Whole, 1 to 600_000 (ten minutes).
   */
  timeoutMs?: number | null | undefined
  /**
   * Headers to add to each request, by name: at most 32, values of 1 to 4,096 visible ASCII characters, 16 KiB in all.
   * Headers that hookline, the connection, proxies or a cloud's metadata service use cannot be set.
   * @default {}
   */
  headers?: Readonly<Record<string, string>> | undefined
  /** The form of the body signature, and whether the place in line is signed too. @default lower-case hex in X-Signature */
  signing?: SigningOptions | undefined
  /** How fast the endpoint may be called. @default null: as fast as it answers */
  rateLimit?: RateLimitOptions | null | undefined
  /** When to leave an endpoint that fails alone for a while. @default null: never */
  breaker?: BreakerSettings | null | undefined
  /** When to disable an endpoint that only fails. @default null: never */
  autoDisable?: AutoDisableOptions | null | undefined
  /**
   * `'fifo'`: each event waits until the one before it has settled. `'key'`: it waits only for those with its
   * `orderingKey`. `'none'`: it waits for none.
   * @default 'fifo'
   */
  ordering?: Ordering | undefined
  /**
   * `'park'`: an event whose attempts ran out becomes a dead letter and the line goes on. `'halt'`: the line waits until
   * a person decides.
   * @default 'park'
   */
  whenExhausted?: WhenExhausted | undefined
  /**
   * `'payload'`: the body is the payload's JSON. `'envelope'`: it is `{ id, event, timestamp, data }`, with the payload
   * as `data`.
   * @default 'payload'
   */
  body?: BodyForm | undefined
  /**
   * Requests in flight to this endpoint at once, when its lines run in parallel (`ordering` `'key'` or `'none'`).
   * @default 64; 1 with `'fifo'`, which allows no other. Whole, 1 to 10_000.
   */
  concurrency?: number | undefined
  /** For people; at most 500 characters. @default null */
  description?: string | null | undefined
  /** Whose endpoint it is, in your own terms; 1 to 128 characters, no control characters. @default null */
  tenantId?: string | null | undefined
  /**
   * The endpoint's own id. After a restart on a log that holds records, the events of the endpoint that had it go on; one
   * that came back by itself is taken over.
   * Cannot be changed. `ep_` and 1 to 60 of `A-Z a-z 0-9 _ -`; not that of a registered endpoint.
   * @default a new one, which cannot be guessed
   */
  id?: string | undefined
}

/** Checked and complete {@link EndpointOptions}. */
export interface EndpointSettings {
  readonly eventTypes: readonly string[]
  /** Null: the service's policy for the event's type. */
  readonly retry: RetryPolicy | null
  /** Null: the service's. */
  readonly timeoutMs: number | null
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly signing: SigningSettings
  readonly rateLimit: RateLimit | null
  readonly breaker: BreakerSettings | null
  readonly autoDisable: AutoDisable | null
  readonly ordering: Ordering
  readonly whenExhausted: WhenExhausted
  readonly body: BodyForm
  /** 1 with `ordering: 'fifo'`. */
  readonly concurrency: number
  readonly description: string | null
  readonly tenantId: string | null
}

/** What endpoint options build on. */
export interface EndpointOptionsContext {
  /** The service's retry policy. */
  readonly retry: RetryPolicy
}

const parallelConcurrency = 64

const defaultSettings: EndpointSettings = Object.freeze({
  eventTypes: Object.freeze([anyEventType]),
  retry: null,
  timeoutMs: null,
  headers: resolveCustomHeaders(undefined, 'headers'),
  signing: resolveSigningOptions(undefined, 'signing'),
  rateLimit: null,
  breaker: null,
  autoDisable: null,
  ordering: 'fifo',
  whenExhausted: 'park',
  body: 'payload',
  concurrency: 1,
  description: null,
  tenantId: null,
})

const optionNames = Object.keys(defaultSettings)
const newEndpointNames = [...optionNames, 'id']
const endpointIdForm = /^ep_[\w-]{1,60}$/

/**
 * Checks the options of a new endpoint and fills in what was left out.
 *
 * @throws InvalidOptionError
 */
export function resolveEndpointOptions(value: unknown, context: EndpointOptionsContext): EndpointSettings {
  return readSettings(new OptionReader(value, '', newEndpointNames), defaultSettings, context)
}

/**
 * The id among the options of a new endpoint; null when none is given.
 *
 * @throws InvalidOptionError
 */
export function resolveEndpointId(value: unknown): string | null {
  const id = new OptionReader(value, '', newEndpointNames).given('id')
  if (id === undefined || (typeof id === 'string' && endpointIdForm.test(id))) return id ?? null
  return refuseOption('id', 'must be ep_ and 1 to 60 of A-Z a-z 0-9 _ -', id)
}

/**
 * Checks a patch and lays it over an endpoint's settings. An option that is given replaces the old one whole (`retry` is
 * completed from the service's policy, not from the endpoint's old one); null puts back the default where
 * {@link EndpointOptions} takes it. The patch may hold `url` too, which is left to the caller.
 *
 * @throws InvalidOptionError
 */
export function mergeEndpointOptions(
  settings: EndpointSettings,
  patch: unknown,
  context: EndpointOptionsContext,
): EndpointSettings {
  return readSettings(new OptionReader(patch, '', ['url', ...optionNames]), settings, context)
}

function readSettings(
  reader: OptionReader,
  current: EndpointSettings,
  context: EndpointOptionsContext,
): EndpointSettings {
  const ordering = reader.oneOf('ordering', current.ordering, orderings)
  const settings: EndpointSettings = {
    eventTypes: replaced(reader, 'eventTypes', current.eventTypes, readEventTypes),
    retry: replacedOrNull(reader, 'retry', current.retry, (value, option) =>
      resolveRetryPolicy(value, option, context.retry),
    ),
    timeoutMs: replacedOrNull(reader, 'timeoutMs', current.timeoutMs, readTimeoutMs),
    headers: replaced(reader, 'headers', current.headers, resolveCustomHeaders),
    signing: replaced(reader, 'signing', current.signing, resolveSigningOptions),
    rateLimit: replacedOrNull(reader, 'rateLimit', current.rateLimit, resolveRateLimit),
    breaker: replacedOrNull(reader, 'breaker', current.breaker, resolveBreaker),
    autoDisable: replacedOrNull(reader, 'autoDisable', current.autoDisable, resolveAutoDisable),
    ordering,
    whenExhausted: reader.oneOf('whenExhausted', current.whenExhausted, exhaustions),
    body: reader.oneOf('body', current.body, bodies),
    concurrency: readConcurrency(reader, ordering, current),
    description: replacedOrNull(reader, 'description', current.description, readDescription),
    tenantId: replacedOrNull(reader, 'tenantId', current.tenantId, readTenantId),
  }
  refuseSignatureTwice(reader, settings)
  return Object.freeze(settings)
}

type ReadOption<T> = (value: unknown, option: string) => T

function replaced<T>(reader: OptionReader, name: string, current: T, read: ReadOption<T>): T {
  const given = reader.given(name)
  return given === undefined ? current : read(given, reader.path(name))
}

function replacedOrNull<T>(reader: OptionReader, name: string, current: T | null, read: ReadOption<T>): T | null {
  return reader.given(name) === null ? null : replaced(reader, name, current, read)
}

function readEventTypes(value: unknown, option: string): readonly string[] {
  return checkList(value, option, { min: 1, max: 100 }, parsePattern)
}

function readTimeoutMs(value: unknown, option: string): number {
  return checkWholeNumber(value, option, { min: 1, max: 600_000 })
}

function readDescription(value: unknown, option: string): string {
  return checkString(value, option, { min: 0, max: 500 })
}

function readTenantId(value: unknown, option: string): string {
  return checkPrintableString(value, option, { min: 1, max: 128 })
}

function readConcurrency(reader: OptionReader, ordering: Ordering, current: EndpointSettings): number {
  const given = reader.given('concurrency')
  if (ordering === 'fifo') {
    if (given === undefined || given === 1) return 1
    return refuseOption('concurrency', "must be 1 with ordering 'fifo' (set ordering 'key' or 'none' for more)", given)
  }
  // An endpoint that leaves 'fifo' leaves its 1 behind, which was no choice of anyone's.
  const fallback = current.ordering === 'fifo' ? parallelConcurrency : current.concurrency
  return reader.wholeNumber('concurrency', fallback, { min: 1, max: 10_000 })
}

/** A receiver that finds two values under the signature's name would have to guess. */
function refuseSignatureTwice(reader: OptionReader, { headers, signing }: EndpointSettings): void {
  const signatureName = headerKey(signing.header)
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]
    if (name === undefined || headerKey(name) !== signatureName) continue
    const option = reader.given('headers') === undefined ? 'signing.header' : 'headers'
    refuseOption(option, 'must not name one header for the signature and for a custom value', name)
  }
}
