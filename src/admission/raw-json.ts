import { describeValue } from '../errors/describe-value.ts'
import { InvalidPayloadError } from '../errors/errors.ts'

/** As deep as lists and objects may lie in one another: whoever reads such a payload back can still write it as JSON. */
const deepest = 1000
const loneSurrogate = /\p{Surrogate}/u

/** A payload that is JSON already. {@link rawJson} alone makes one. */
export class RawJson {
  readonly #text: string

  /** `text` is checked already. */
  constructor(text: string) {
    this.#text = text
  }

  /** Asked without running any code of the value's own. */
  static is(value: unknown): value is RawJson {
    return typeof value === 'object' && value !== null && #text in value
  }

  get text(): string {
    return this.#text
  }

  /** Inside another payload its text would be lost without a word. */
  toJSON(): never {
    throw new TypeError('a payload of rawJson stands for itself alone, and not inside another')
  }
}

/**
 * JSON text as a payload: it is sent as it is, byte for byte, with its numbers, its order, repeated keys and white space,
 * also in the envelope. It must be the whole payload. What is read back of it (`getEvent`) is what `JSON.parse` makes of it.
 *
 * @param text one JSON value, in which lists and objects lie at most 1,000 deep in one another
 * @throws InvalidPayloadError when it is none
 */
export function rawJson(text: string): RawJson {
  // A caller without types may give anything.
  const given: unknown = text
  if (typeof given !== 'string') throw refuse(`must be JSON text, got ${describeValue(given)}`)
  if (loneSurrogate.test(given))
    throw refuse('must be JSON text, and has half of a surrogate pair, which no bytes can hold')
  try {
    JSON.parse(given)
  } catch {
    // The parser's own message quotes the text, which may hold anything.
    throw refuse(`must be JSON text, and its ${given.length} characters are none`)
  }
  return rawJsonWithin(given)
}

/**
 * The same of a value cut out of a text that was parsed as JSON, and that was decoded from bytes: neither is done once more.
 *
 * @throws InvalidPayloadError when lists and objects lie too deep in one another
 */
export function rawJsonWithin(text: string): RawJson {
  if (text.length > 2 * deepest && isDeeper(text)) throw refuse(`is nested more than ${deepest} deep`)
  return new RawJson(text)
}

/** Whether more lists and objects are open somewhere in a JSON text than are allowed. */
function isDeeper(text: string): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const char = text[index]
    if (inString && char === '\\') index += 1
    else if (char === '"') inString = !inString
    else if (inString) continue
    else if (char === '[' || char === '{') depth += 1
    else if (char === ']' || char === '}') depth -= 1
    if (depth > deepest) return true
  }
  return false
}

function refuse(rule: string): InvalidPayloadError {
  return new InvalidPayloadError(`rawJson: text ${rule}`)
}
