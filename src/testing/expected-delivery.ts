import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { FailureReason } from '../attempt/failure.ts'
import { OptionReader } from '../options/option-reader.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { checkList, checkNumber, checkOneOf, checkString } from '../options/value-checks.ts'

const statuses: readonly DeliveryStatus[] = ['pending', 'delivering', 'backoff', 'delivered', 'failed', 'deadLettered']

/** What should have become of an event; what is left out may be as it likes. */
export interface ExpectedDelivery {
  status?: DeliveryStatus
  /** Every attempt, from the first. `[]`: none was made. */
  attempts?: readonly ExpectedAttempt[]
}

/** One attempt; `{}` is any. */
export interface ExpectedAttempt {
  /**
   * How long after the end of the attempt before, as the retry delay counts, it started; the first: after the submission.
   * In milliseconds, or the least and the most: `[750, 1250]`.
   */
  afterMs?: number | readonly [min: number, max: number]
  /** The status of the answer. */
  answered?: number
  /** Why no delivery came of it: `'timeout'`, `'reset'`, …; `'status'` is any answer that is not 2xx or 3xx. */
  failed?: FailureReason
}

/** A checked {@link ExpectedDelivery}. */
export interface CheckedDelivery {
  readonly status: DeliveryStatus | null
  readonly attempts: readonly CheckedAttempt[] | null
}

/** What was not given is null. */
export interface CheckedAttempt {
  readonly afterMs: readonly [min: number, max: number] | null
  readonly answered: number | null
  readonly failed: string | null
}

/** Checks what a test expects, so that a slip in it is told where it was made. @throws InvalidOptionError */
export function readExpectedDelivery(value: unknown): CheckedDelivery {
  const reader = new OptionReader(value, 'expected', ['status', 'attempts'])
  const status = reader.given('status')
  const attempts = reader.given('attempts')
  return {
    status: status === undefined ? null : checkOneOf(status, reader.path('status'), statuses),
    attempts:
      attempts === undefined ? null : checkList(attempts, reader.path('attempts'), { min: 0, max: 1_000 }, readAttempt),
  }
}

function readAttempt(value: unknown, option: string): CheckedAttempt {
  const reader = new OptionReader(value, option, ['afterMs', 'answered', 'failed'])
  const afterMs = reader.given('afterMs')
  const answered = reader.given('answered')
  const failed = reader.given('failed')
  return {
    afterMs: afterMs === undefined ? null : readRange(afterMs, reader.path('afterMs')),
    answered: answered === undefined ? null : reader.wholeNumber('answered', 0, { min: 100, max: 999 }),
    failed: failed === undefined ? null : checkString(failed, reader.path('failed'), { min: 1, max: 100 }),
  }
}

function readRange(value: unknown, option: string): readonly [number, number] {
  const bounds = { min: 0, max: Number.MAX_SAFE_INTEGER }
  if (!Array.isArray(value)) {
    const exact = checkNumber(value, option, bounds)
    return [exact, exact]
  }
  const [min, max] = checkList(value, option, { min: 2, max: 2 }, (item, path) => checkNumber(item, path, bounds))
  if (min === undefined || max === undefined || min > max) {
    return refuseOption(option, 'must be milliseconds, or the least and the most: [750, 1250]', value)
  }
  return [min, max]
}
