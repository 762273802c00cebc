import { OptionReader } from '../options/option-reader.ts'
import { checkNumber } from '../options/value-checks.ts'

/** How fast an endpoint may be called: a bucket of `burst` requests that refills at `perSecond`. */
export interface RateLimitOptions {
  /** Requests a second, on average. From 0.00001 (about one a day) to 1_000_000; fractions are fine. */
  perSecond: number
  /**
   * Requests that may go out at once after a quiet time.
   * @default `perSecond`, rounded up. Whole, 1 to 1_000_000.
   */
  burst?: number | undefined
}

/** Complete {@link RateLimitOptions}. */
export interface RateLimit {
  readonly perSecond: number
  readonly burst: number
}

/** @throws InvalidOptionError */
export function resolveRateLimit(value: unknown, option: string): RateLimit {
  const reader = new OptionReader(value, option, ['perSecond', 'burst'])
  const perSecond = checkNumber(reader.given('perSecond'), reader.path('perSecond'), { min: 0.00001, max: 1_000_000 })
  const burst = reader.wholeNumber('burst', Math.ceil(perSecond), { min: 1, max: 1_000_000 })
  return Object.freeze({ perSecond, burst })
}
