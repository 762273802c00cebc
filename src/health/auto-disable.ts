import { OptionReader } from '../options/option-reader.ts'
import { checkWholeNumber } from '../options/value-checks.ts'

/** When an endpoint that only fails is disabled. Every attempt that does not end in a 2xx answer is a failure here. */
export interface AutoDisableOptions {
  /**
   * How long attempts must have brought nothing but failures. Counted from the first failure since a success; a failure
   * after that time disables the endpoint. Whole, 1 to 31_536_000_000 (a year).
   */
  afterMs: number
  /**
   * How long before, at least, `endpointFailing` is told. Where attempts are so rare that the warning comes late, the
   * disabling waits for it.
   * @default a fifth of `afterMs`. Whole, 0 to `afterMs`.
   */
  warningMs?: number | undefined
}

/** Complete {@link AutoDisableOptions}. */
export interface AutoDisable {
  readonly afterMs: number
  readonly warningMs: number
}

const yearMs = 31_536_000_000

/** @throws InvalidOptionError */
export function resolveAutoDisable(value: unknown, option: string): AutoDisable {
  const reader = new OptionReader(value, option, ['afterMs', 'warningMs'])
  const afterMs = checkWholeNumber(reader.given('afterMs'), reader.path('afterMs'), { min: 1, max: yearMs })
  const warningMs = reader.wholeNumber('warningMs', Math.floor(afterMs / 5), { min: 0, max: afterMs })
  return Object.freeze({ afterMs, warningMs })
}
