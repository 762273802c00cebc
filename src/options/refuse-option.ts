import { describeUnshown, describeValue, hideSecretForms } from '../errors/describe-value.ts'
import { InvalidOptionError } from '../errors/errors.ts'

/**
 * Refuses an option: `retry.maxAttempts must be a whole number from 1 to 1000, got -1 (number)`.
 *
 * @param option the option as a path from the call's own argument
 * @param rule what the value must be, beginning with a verb: `must be a string`
 * @param received what the caller passed; it is shown, so it must not be secret
 */
export function refuseOption(option: string, rule: string, received: unknown): never {
  const kept = typeof received === 'string' ? hideSecretForms(received) : received
  throw new InvalidOptionError(`${option} ${rule}, got ${describeValue(received)}`, option, kept)
}

/** The same where the value may be a secret, or hold one: the error describes it and does not carry it. */
export function refuseUnshown(option: string, rule: string, received: unknown): never {
  const shown = describeUnshown(received)
  const isHarmless = received === null || (typeof received !== 'string' && typeof received !== 'object')
  throw new InvalidOptionError(`${option} ${rule}, got ${shown}`, option, isHarmless ? received : shown)
}
