import { OptionReader } from '../options/option-reader.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { checkList, checkWholeNumber } from '../options/value-checks.ts'

/** How often and how patiently an event is tried again. What is not given keeps the value of the policy below it. */
export interface RetryOptions {
  /**
   * Requests for one event, the first included; a redelivery starts a fresh budget.
   * @default 5. Whole, 1 (never try again) to 1000.
   */
  maxAttempts?: number | undefined
  /**
   * Delay before the second attempt. Above `maxDelayMs` it is cut to `maxDelayMs`, or refused if both were given.
   * @default 1000. Whole, 0 to 86_400_000 (a day).
   */
  initialDelayMs?: number | undefined
  /**
   * By how much each delay is longer than the one before it.
   * @default 2. From 1 (always the same delay) to 100; fractions are fine.
   */
  multiplier?: number | undefined
  /**
   * No delay is longer: not with jitter, and not when the receiver asks for more with `Retry-After`.
   * @default 300_000 (five minutes). Whole, 0 to 2_592_000_000 (30 days).
   */
  maxDelayMs?: number | undefined
  /**
   * The share of a delay by which chance may shorten or lengthen it, so that events that failed together do not come
   * back together.
   * @default 0.25: a delay of 1000 becomes 750 to 1250. From 0 (none) to 1.
   */
  jitter?: number | undefined
  /**
   * 4xx statuses after which to try again instead of giving up; 408, 425 and 429 are the usual choice. 3xx and 5xx
   * answers, timeouts and network errors are always tried again; 410 never is, for it disables the endpoint.
   * @default []. Each whole, 400 to 499, not 410.
   */
  retryableStatuses?: readonly number[] | undefined
}

/** A complete retry policy; the fields mean what they mean in {@link RetryOptions}. */
export interface RetryPolicy {
  readonly maxAttempts: number
  readonly initialDelayMs: number
  readonly multiplier: number
  readonly maxDelayMs: number
  readonly jitter: number
  readonly retryableStatuses: readonly number[]
}

export const defaultRetryPolicy: RetryPolicy = Object.freeze({
  maxAttempts: 5,
  initialDelayMs: 1000,
  multiplier: 2,
  maxDelayMs: 300_000,
  jitter: 0.25,
  retryableStatuses: Object.freeze([]),
})

const optionNames = Object.keys(defaultRetryPolicy)
const gone = 410

/**
 * Checks the options of a retry policy and completes them from `base`.
 *
 * @throws InvalidOptionError naming `option` and the field
 */
export function resolveRetryPolicy(value: unknown, option: string, base: RetryPolicy): RetryPolicy {
  if (value === undefined) return base
  const reader = new OptionReader(value, option, optionNames)
  const statuses = reader.given('retryableStatuses')
  const initialDelayMs = reader.wholeNumber('initialDelayMs', base.initialDelayMs, { min: 0, max: 86_400_000 })
  const maxDelayMs = reader.wholeNumber('maxDelayMs', base.maxDelayMs, { min: 0, max: 2_592_000_000 })
  const bothGiven = reader.given('initialDelayMs') !== undefined && reader.given('maxDelayMs') !== undefined
  if (bothGiven && initialDelayMs > maxDelayMs) {
    refuseOption(reader.path('initialDelayMs'), `must be at most maxDelayMs (${maxDelayMs})`, initialDelayMs)
  }
  return Object.freeze({
    maxAttempts: reader.wholeNumber('maxAttempts', base.maxAttempts, { min: 1, max: 1000 }),
    initialDelayMs: Math.min(initialDelayMs, maxDelayMs),
    multiplier: reader.number('multiplier', base.multiplier, { min: 1, max: 100 }),
    maxDelayMs,
    jitter: reader.number('jitter', base.jitter, { min: 0, max: 1 }),
    retryableStatuses:
      statuses === undefined
        ? base.retryableStatuses
        : checkList(statuses, reader.path('retryableStatuses'), { min: 0, max: 99 }, readRetryableStatus),
  })
}

function readRetryableStatus(value: unknown, option: string): number {
  const status = checkWholeNumber(value, option, { min: 400, max: 499 })
  if (status === gone) refuseOption(option, 'must not be 410, which disables the endpoint', status)
  return status
}
