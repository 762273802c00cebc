import { hideSecretForms } from '../errors/describe-value.ts'
import { InvalidOptionError } from '../errors/errors.ts'
import { readGiven, refuseUnreadable } from './read-given.ts'
import { refuseUnshown } from './refuse-option.ts'
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
    const shown = option === '' ? 'options' : option
    this.#values = value === undefined ? {} : checkPlainObject(value, shown)
    this.#prefix = option === '' ? '' : `${option}.`
    const given = readGiven(shown, () => Object.keys(this.#values))
    for (const name of given) if (!names.includes(name)) refuseName(this.path(name), name, names)
  }

  /** The path by which errors call an option: `retry.maxAttempts`. */
  path(name: string): string {
    return this.#prefix + (plainName.test(name) ? hideSecretForms(name) : JSON.stringify(showName(name)))
  }

  /** What the caller gave, unchecked; `undefined` when nothing. */
  given(name: string): unknown {
    // Without readGiven's closure: every submission with options comes by here.
    try {
      return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined
    } catch {
      return refuseUnreadable(this.path(name))
    }
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
  if (readGiven(option, () => isPlainObject(value))) {
    // Whatever an object holds is unknown, which is all that the cast says.
    return value as Readonly<Record<string, unknown>>
  }
  // Where an object of options belongs, a secret may stand that was given in the wrong place, or headers in another form.
  return refuseUnshown(option, 'must be a plain object', value)
}

/** The names and values of a plain object, each read once. */
export function entriesOf(value: unknown, option: string): [string, unknown][] {
  const object = checkPlainObject(value, option)
  return readGiven(option, () => Object.entries(object))
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // An object literal's prototype is the root of its realm: it has none of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The value of a misspelt option is not shown: it may be a secret. */
function refuseName(option: string, name: string, names: readonly string[]): never {
  throw new InvalidOptionError(`${option} is not an option; valid are ${names.join(', ')}`, option, showName(name))
}

/** What follows a colon is left out: a header line given as a name holds a value. */
function showName(name: string): string {
  return hideSecretForms(name.split(':', 1).join('').slice(0, longestNameShown))
}
