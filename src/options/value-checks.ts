import { readGiven } from './read-given.ts'
import { refuseOption, refuseUnshown } from './refuse-option.ts'

/** The numbers an option may have, both ends included. */
export interface NumberRange {
  readonly min: number
  readonly max: number
}

// Control characters, and halves of surrogate pairs: the latter have no UTF-8 form, so two texts could be stored as one.
const unprintable = /[\p{Cc}\p{Cs}]/u

export function checkWholeNumber(value: unknown, option: string, { min, max }: NumberRange): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  return refuseOption(option, `must be a whole number from ${min} to ${max}`, value)
}

export function checkNumber(value: unknown, option: string, { min, max }: NumberRange): number {
  if (typeof value === 'number' && value >= min && value <= max) return value
  return refuseOption(option, `must be a number from ${min} to ${max}`, value)
}

export function checkBoolean(value: unknown, option: string): boolean {
  if (typeof value === 'boolean') return value
  return refuseOption(option, 'must be true or false', value)
}

/** A text of `min` to `max` UTF-16 units, of any characters. */
export function checkString(value: unknown, option: string, { min, max }: NumberRange): string {
  if (typeof value === 'string' && value.length >= min && value.length <= max) return value
  return refuseOption(option, `must be a string of ${min} to ${max} characters`, value)
}

/** A text of `min` to `max` UTF-16 units that any store and any log keeps as it is. */
export function checkPrintableString(value: unknown, option: string, range: NumberRange): string {
  const text = checkString(value, option, range)
  if (unprintable.test(text))
    return refuseOption(option, 'must hold no control characters and no lone surrogates', value)
  return text
}

export function checkOneOf<T extends string>(value: unknown, option: string, valid: readonly T[]): T {
  for (const candidate of valid) if (candidate === value) return candidate
  return refuseOption(option, `must be ${valid.map((name) => `'${name}'`).join(' or ')}`, value)
}

/** A list of `min` to `max` items, each read by `readItem` under its own path: `eventTypes[2]`. */
export function checkList<T>(
  value: unknown,
  option: string,
  { min, max }: NumberRange,
  readItem: (item: unknown, option: string) => T,
): readonly T[] {
  const items = readGiven(option, () => copyOf(value, min, max))
  if (items === null) return refuseOption(option, `must be an array of ${min} to ${max} items`, value)
  return Object.freeze(items.map((item, index) => readItem(item, `${option}[${index}]`)))
}

/** The items of a list of `min` to `max`, unchecked. An error does not carry it: secrets or payloads may be in it. */
export function checkItems(value: unknown, option: string, { min, max }: NumberRange): readonly unknown[] {
  const items = readGiven(option, () => copyOf(value, min, max))
  return items ?? refuseUnshown(option, `must be an array of ${min} to ${max} items`, value)
}

/** Null for what is no array of that length. Array.from fills the holes of a sparse array, so that they are refused. */
function copyOf(value: unknown, min: number, max: number): readonly unknown[] | null {
  return Array.isArray(value) && value.length >= min && value.length <= max ? Array.from<unknown>(value) : null
}

/** Anything that gives items one by one, except a text: its letters are never what was meant. */
export function checkIterable(value: unknown, option: string): void {
  if (typeof value === 'object' && value !== null && readGiven(option, () => Symbol.iterator in value)) return
  // A text is not shown: it is a whole log, payloads and all.
  refuseUnshown(option, 'must be an array or another iterable', value)
}

/** An object of any class that has these methods; `T` is what the caller's types promise about it. */
export function checkPort<T extends object>(value: unknown, option: string, methods: readonly (keyof T & string)[]): T {
  const isPort = (given: object): boolean => readGiven(option, () => methods.every((name) => isMethod(given, name)))
  if (typeof value === 'object' && value !== null && isPort(value)) {
    // The methods are there; that they take and give what T says is the caller's promise.
    return value as T
  }
  return refuseOption(option, `must be an object with the methods ${methods.join(', ')}`, value)
}

function isMethod(value: object, name: string): boolean {
  return typeof Reflect.get(value, name) === 'function'
}
