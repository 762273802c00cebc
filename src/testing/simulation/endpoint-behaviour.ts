import type { EndpointOptions } from '../../endpoint/endpoint-options.ts'
import { OptionReader } from '../../options/option-reader.ts'
import { refuseOption } from '../../options/refuse-option.ts'
import { checkList, checkNumber, checkWholeNumber } from '../../options/value-checks.ts'

/** How long something takes: always the same, or spread log-normally with this median and this 99th percentile. */
export type Latency = number | { readonly p50: number; readonly p99: number }

/** How a simulated endpoint behaves, and how it is registered. What is left out does no harm. Rates are from 0 to 1. */
export interface EndpointBehaviour {
  /** From the request to its answer. @default 50. Numbers from 0 to 600_000. */
  readonly latencyMs?: Latency | undefined
  /** How often it answers with one of `failureStatuses`. @default 0 */
  readonly failureRate?: number | undefined
  /** @default [500]. 1 to 20, each whole, 200 to 599; one that is named twice comes twice as often. */
  readonly failureStatuses?: readonly number[] | undefined
  /** How often it takes a request and never answers. @default 0 */
  readonly hangRate?: number | undefined
  /** How often it sends an answer that nobody asked for after its answer. @default 0 */
  readonly surplusRate?: number | undefined
  /** When it cannot be reached: from `fromMs` up to `toMs` of virtual time. @default []. At most 100. */
  readonly outages?: readonly { readonly fromMs: number; readonly toMs: number }[] | undefined
  /** It takes so many requests a second, and answers 429 with `Retry-After` to the others. @default no limit */
  readonly throttle?: { readonly perSecond: number; readonly retryAfterSeconds: number } | undefined
  /** As in `registerEndpoint`. */
  readonly options?: Omit<EndpointOptions, 'id'> | undefined
}

/** Complete {@link EndpointBehaviour}. */
export interface ResolvedBehaviour {
  readonly latency: { readonly p50: number; readonly p99: number }
  readonly failureRate: number
  readonly failureStatuses: readonly [number, ...number[]]
  readonly hangRate: number
  readonly surplusRate: number
  readonly outages: readonly { readonly fromMs: number; readonly toMs: number }[]
  readonly throttle: { readonly perSecond: number; readonly retryAfterSeconds: number } | null
  readonly options: EndpointOptions
}

const names = [
  'latencyMs',
  'failureRate',
  'failureStatuses',
  'hangRate',
  'surplusRate',
  'outages',
  'throttle',
  'options',
]
const share = { min: 0, max: 1 }
const yearMs = 31_536_000_000

/** @throws InvalidOptionError */
export function resolveBehaviour(value: unknown, option: string): ResolvedBehaviour {
  const reader = new OptionReader(value, option, names)
  const statuses = readStatuses(reader.given('failureStatuses'), reader.path('failureStatuses'))
  return {
    latency: readLatency(reader.given('latencyMs'), reader.path('latencyMs')),
    failureRate: reader.number('failureRate', 0, share),
    failureStatuses: statuses,
    hangRate: reader.number('hangRate', 0, share),
    surplusRate: reader.number('surplusRate', 0, share),
    outages: checkList(reader.given('outages') ?? [], reader.path('outages'), { min: 0, max: 100 }, readOutage),
    throttle: readThrottle(reader.given('throttle'), reader.path('throttle')),
    // registerEndpoint checks them when the run begins.
    options: (reader.given('options') ?? {}) as EndpointOptions,
  }
}

function readLatency(value: unknown, option: string): ResolvedBehaviour['latency'] {
  const range = { min: 0, max: 600_000 }
  if (value === undefined) return { p50: 50, p99: 50 }
  if (typeof value === 'number') {
    const fixed = checkNumber(value, option, range)
    return { p50: fixed, p99: fixed }
  }
  const reader = new OptionReader(value, option, ['p50', 'p99'])
  const p50 = checkNumber(reader.given('p50'), reader.path('p50'), range)
  const p99 = checkNumber(reader.given('p99'), reader.path('p99'), { min: p50, max: range.max })
  return { p50, p99 }
}

function readStatuses(value: unknown, option: string): readonly [number, ...number[]] {
  const read = (item: unknown, path: string) => checkWholeNumber(item, path, { min: 200, max: 599 })
  const [first, ...others] = checkList(value ?? [500], option, { min: 1, max: 20 }, read)
  return first === undefined ? refuseOption(option, 'must hold a status', value) : [first, ...others]
}

function readOutage(value: unknown, option: string): { fromMs: number; toMs: number } {
  const reader = new OptionReader(value, option, ['fromMs', 'toMs'])
  const fromMs = checkWholeNumber(reader.given('fromMs'), reader.path('fromMs'), { min: 0, max: yearMs })
  return { fromMs, toMs: checkWholeNumber(reader.given('toMs'), reader.path('toMs'), { min: fromMs, max: yearMs }) }
}

function readThrottle(value: unknown, option: string): ResolvedBehaviour['throttle'] {
  if (value === undefined) return null
  const reader = new OptionReader(value, option, ['perSecond', 'retryAfterSeconds'])
  return {
    perSecond: checkNumber(reader.given('perSecond'), reader.path('perSecond'), { min: 0.001, max: 1_000_000 }),
    retryAfterSeconds: checkWholeNumber(reader.given('retryAfterSeconds'), reader.path('retryAfterSeconds'), {
      min: 0,
      max: 86_400,
    }),
  }
}
