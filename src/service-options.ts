import type { InspectionEvent, Observer } from 'xstate'
import type { Clock } from './clock/clock.ts'
import { SteadyClock } from './clock/steady-clock.ts'
import { systemClock } from './clock/system-clock.ts'
import { resolveRateLimit } from './endpoint/rate-limit.ts'
import type { RateLimit, RateLimitOptions } from './endpoint/rate-limit.ts'
import { systemIds } from './ids/ids.ts'
import type { Ids } from './ids/ids.ts'
import type { LogHome } from './log/log-home.ts'
import { OptionReader } from './options/option-reader.ts'
import { refuseOption } from './options/refuse-option.ts'
import { checkPort } from './options/value-checks.ts'
import { systemRandom } from './random/random.ts'
import type { Random } from './random/random.ts'
import { resolveRetryPolicies } from './retry/retry-policies.ts'
import type { ResolvedRule, RetryPolicyRule } from './retry/retry-policies.ts'
import { defaultRetryPolicy, resolveRetryPolicy } from './retry/retry-policy.ts'
import type { RetryOptions, RetryPolicy } from './retry/retry-policy.ts'
import { resolveRetention, resolveServiceLimits } from './service-limits.ts'
import type { Retention, RetentionOptions, ServiceLimitOptions, ServiceLimits } from './service-limits.ts'
import { createEgressPolicy } from './transport/egress/egress-policy.ts'
import type { EgressOptions, EgressPolicy } from './transport/egress/egress-policy.ts'
import type { Transport } from './transport/transport.ts'

/** The settings of a service; all have defaults. */
export interface WebhookServiceOptions {
  /**
   * How often and how patiently an event is tried again, where neither its endpoint nor `retryPolicies` says otherwise.
   * @default { maxAttempts: 5, initialDelayMs: 1000, multiplier: 2, maxDelayMs: 300_000, jitter: 0.25, retryableStatuses: [] }
   */
  retry?: RetryOptions | undefined
  /**
   * Retry policies for some event types: the first that matches wins, and an endpoint's own `retry` wins over it. At
   * most 100.
   * @default []
   */
  retryPolicies?: readonly RetryPolicyRule[] | undefined
  /**
   * The deadline of one request, counted from dispatch, over everything from DNS to the end of the answer; an endpoint
   * may have its own.
   * @default 30_000. Whole, 1 to 600_000 (ten minutes).
   */
  timeoutMs?: number | undefined
  /** Requests in flight at once over all endpoints. @default 256. Whole, 1 to 100_000. */
  concurrency?: number | undefined
  /** How fast requests may go out, over all endpoints; an endpoint may have a limit of its own beside it. @default none */
  rateLimit?: RateLimitOptions | null | undefined
  /** What the service takes in before it refuses more. */
  limits?: ServiceLimitOptions | undefined
  /** What is kept of events that have settled. */
  retention?: RetentionOptions | undefined
  /**
   * Which addresses may be called.
   * @default { privateNetworks: 'allow' ('deny' when NODE_ENV is 'production'), allow: [], deny: [], httpsOnly: false }, no proxy
   */
  egress?: EgressOptions | undefined
  /** The home of the transition log. @default memoryLog(): lost with the process */
  log?: LogHome | undefined
  /** Where the time comes from. @default the machine's clock */
  clock?: Clock | undefined
  /** Where chance (of jitter) comes from. @default Math.random */
  random?: Random | undefined
  /** Where ids come from. @default nanoid's, unguessable; an event's begins with the time */
  ids?: Ids | undefined
  /** What carries requests out. @default HTTP/1.1 over sockets guarded by `egress`, which no other transport applies */
  transport?: Transport | undefined
  /** Sees what every actor does, as an XState inspection observer, a microtask later; what it throws breaks nothing. @default none */
  inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined
}

/** Checked and complete {@link WebhookServiceOptions}. */
export interface ServiceSettings {
  readonly retry: RetryPolicy
  readonly retryPolicies: readonly ResolvedRule[]
  readonly timeoutMs: number
  readonly concurrency: number
  /** Null: none. */
  readonly rateLimit: RateLimit | null
  readonly limits: ServiceLimits
  readonly retention: Retention
  readonly egress: EgressPolicy
  /** Null: a log in memory. */
  readonly log: LogHome | null
  readonly clock: Clock
  readonly random: Random
  readonly ids: Ids
  /** Null: HTTP under the egress policy. */
  readonly transport: Transport | null
  readonly inspect: ((event: InspectionEvent) => void) | null
}

const optionNames = [
  'retry',
  'retryPolicies',
  'timeoutMs',
  'concurrency',
  'rateLimit',
  'limits',
  'retention',
  'egress',
  'log',
  'clock',
  'random',
  'ids',
  'transport',
  'inspect',
] as const satisfies readonly (keyof WebhookServiceOptions)[]

const logMethods = [
  'append',
  'appendAll',
  'evict',
  'flush',
  'entries',
  'subscribe',
  'onListenerError',
  'appendEndpoint',
  'evictEndpointRecord',
  'endpointEntries',
  'subscribeToEndpoints',
] as const satisfies readonly (keyof LogHome)[]

/**
 * Checks the options of a service and fills in what was left out.
 *
 * @param environment decides the default of `egress.privateNetworks`: `process.env`, in a live service
 * @throws InvalidOptionError
 */
export function resolveServiceOptions(
  value: unknown,
  environment: { readonly NODE_ENV?: string | undefined },
): ServiceSettings {
  const reader = new OptionReader(value, '', optionNames)
  const retry = resolveRetryPolicy(reader.given('retry'), 'retry', defaultRetryPolicy)
  const log = readPort<LogHome, null>(reader, 'log', null, logMethods)
  return Object.freeze({
    retry,
    retryPolicies: resolveRetryPolicies(reader.given('retryPolicies'), 'retryPolicies', retry),
    timeoutMs: reader.wholeNumber('timeoutMs', 30_000, { min: 1, max: 600_000 }),
    concurrency: reader.wholeNumber('concurrency', 256, { min: 1, max: 100_000 }),
    rateLimit: readRateLimit(reader.given('rateLimit')),
    limits: resolveServiceLimits(reader.given('limits'), 'limits'),
    retention: resolveRetention(reader.given('retention'), 'retention', log?.storedEvents !== undefined),
    egress: createEgressPolicy(reader.given('egress'), 'egress', environment),
    log,
    clock: readClock(reader),
    random: readRandom(reader.given('random')),
    ids: readPort(reader, 'ids', systemIds, ['endpointId', 'eventId']),
    transport: readPort<Transport, null>(reader, 'transport', null, ['send', 'release', 'close']),
    inspect: readInspect(reader.given('inspect')),
  })
}

function readPort<T extends object, F = T>(
  reader: OptionReader,
  name: string,
  fallback: F,
  methods: readonly (keyof T & string)[],
): T | F {
  const given = reader.given(name)
  return given === undefined ? fallback : checkPort<T>(given, name, methods)
}

function readRateLimit(given: unknown): RateLimit | null {
  return given === undefined || given === null ? null : resolveRateLimit(given, 'rateLimit')
}

function readClock(reader: OptionReader): Clock {
  const clock = readPort(reader, 'clock', systemClock, ['now', 'monotonic', 'setTimeout', 'clearTimeout'])
  return clock === systemClock ? clock : new SteadyClock(clock)
}

function readRandom(given: unknown): Random {
  if (given === undefined) return systemRandom
  if (typeof given !== 'function')
    return refuseOption('random', 'must be a function that gives a number from 0 to 1', given)
  // That it gives numbers is the caller's promise; only a call could tell, and would use one up.
  return given as Random
}

function readInspect(given: unknown): ServiceSettings['inspect'] {
  if (given === undefined) return null
  // What either kind takes is the caller's promise, as with every port.
  if (typeof given === 'function') return given as (event: InspectionEvent) => void
  if (typeof given !== 'object') return refuseOption('inspect', 'must be a function or an observer', given)
  const observer = checkPort<Required<Observer<InspectionEvent>>>(given, 'inspect', ['next'])
  return (event) => observer.next(event)
}
