import { OptionReader } from '../options/option-reader.ts'
import { checkWholeNumber } from '../options/value-checks.ts'

/** When to stop calling an endpoint that fails, and for how long. Events wait meanwhile; no attempt is used up. */
export interface BreakerSettings {
  /** Failed attempts in a row that open the breaker. Whole, 1 to 1000. */
  readonly failures: number
  /** How long it stays open before one request probes the endpoint. Whole, 1 to 86_400_000 (a day). */
  readonly cooldownMs: number
}

/** @throws InvalidOptionError */
export function resolveBreaker(value: unknown, option: string): BreakerSettings {
  const reader = new OptionReader(value, option, ['failures', 'cooldownMs'])
  return Object.freeze({
    failures: checkWholeNumber(reader.given('failures'), reader.path('failures'), { min: 1, max: 1000 }),
    cooldownMs: checkWholeNumber(reader.given('cooldownMs'), reader.path('cooldownMs'), { min: 1, max: 86_400_000 }),
  })
}
