import { OptionReader } from '../../options/option-reader.ts'

export interface HealthOptions {
  /**
   * How long an event may have waited before the server says that it is not ready. Leave it out where only
   * endpoints make events old: a server that is not ready is sent no events.
   * @default none. Whole, 1 to 2_592_000_000 (30 days).
   */
  readonly maxLagMs?: number | undefined
}

/** Complete {@link HealthOptions}. */
export interface HealthSettings {
  readonly maxLagMs: number | null
}

/** @throws InvalidOptionError */
export function resolveHealthOptions(value: unknown, option: string): HealthSettings {
  const reader = new OptionReader(value, option, ['maxLagMs'])
  if (reader.given('maxLagMs') === undefined) return { maxLagMs: null }
  return { maxLagMs: reader.wholeNumber('maxLagMs', 1, { min: 1, max: 2_592_000_000 }) }
}
