import { InvalidOptionError } from '../errors/errors.ts'
import { refuseOption } from './refuse-option.ts'
import { checkBoolean, checkNumber, checkOneOf, checkWholeNumber } from './value-checks.ts'
import type { NumberRange } from './value-checks.ts'

const plainName = /^[A-Za-z_$][\w$]{0,63}$/
const longestNameShown = 64

/**
 * Reads one object of options, each by its name. An option that is absent or `undefined` takes its fallback; whatever
 * else is not valid, a name that is not an option included, is refused with `InvalidOptionError`.
 *
 * Only the object's own properties count, so that nothing inherited can become a setting.
 */
export class OptionReader {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #prefix: string

  /**
   * @param value the object, or `undefined` when the caller gave none
   * @param option its path; `''` when it is the argument of the call itself
   * @param names the options it may hold
   */
  constructor(value: unknown, option: string, names: readonly string[]) {
    this.#values = value === undefined ? {} : checkPlainObject(value, option === '' ? 'options' : option)
    this.#prefix = option === '' ? '' : `${option}.`
    for (const name of Object.keys(this.#values)) if (!names.includes(name)) refuseName(this.path(name), name, names)
  }

  /** The path by which errors call an option: `retry.maxAttempts`. */
  path(name: string): string {
    return this.#prefix + (plainName.test(name) ? name : JSON.stringify(name.slice(0, longestNameShown)))
  }

  /** What the caller gave, unchecked; `undefined` when nothing. */
  given(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined
  }

  wholeNumber(name: string, fallback: number, range: NumberRange): number {
    const value = this.given(name)
    return value === undefined ? fallback : checkWholeNumber(value, this.path(name), range)
  }

  number(name: string, fallback: number, range: NumberRange): number {
    const value = this.given(name)
    return value === undefined ? fallback : checkNumber(value, this.path(name), range)
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.given(name)
    return value === undefined ? fallback : checkBoolean(value, this.path(name))
  }

  oneOf<T extends string>(name: string, fallback: T, valid: readonly T[]): T {
    const value = this.given(name)
    return value === undefined ? fallback : checkOneOf(value, this.path(name), valid)
  }
}

/** An object literal (of any realm), as opposed to an array or an instance of some class. */
export function checkPlainObject(value: unknown, option: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const prototype: unknown = Object.getPrototypeOf(value)
    // An object literal's prototype is the root of its realm: it has none of its own. The cast only says that whatever
    // an object holds is unknown.
    if (prototype === null || Object.getPrototypeOf(prototype) === null)
      return value as Readonly<Record<string, unknown>>
  }
  return refuseOption(option, 'must be a plain object', value)
}

/** The value of a misspelt option is not shown: it may be a secret. */
function refuseName(option: string, name: string, names: readonly string[]): never {
  throw new InvalidOptionError(`${option} is not an option; valid are ${names.join(', ')}`, option, name)
}
