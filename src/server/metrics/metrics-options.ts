import { OptionReader } from '../../options/option-reader.ts'

export interface MetricsOptions {
  /** How many event types are told apart, the first there are; the others are counted as `other`. @default 100. Whole, 0 to 10_000. */
  readonly eventTypes?: number | undefined
}

/** Complete {@link MetricsOptions}. */
export interface MetricsSettings {
  readonly eventTypes: number
}

/** @throws InvalidOptionError */
export function resolveMetricsOptions(value: unknown, option: string): MetricsSettings {
  const reader = new OptionReader(value, option, ['eventTypes'])
  return { eventTypes: reader.wholeNumber('eventTypes', 100, { min: 0, max: 10_000 }) }
}
