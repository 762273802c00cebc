import { describeValue } from '../errors/describe-value.ts'
import { InvalidPayloadError } from '../errors/errors.ts'
import { findUnserializable } from './find-unserializable.ts'
import { RawJson } from './raw-json.ts'

/**
 * The payload's JSON text, as `JSON.stringify` writes it: `toJSON` is called, properties that are undefined or functions
 * are left out, NaN becomes null. Of one that is JSON already (`rawJson`) the text itself.
 *
 * @param path what errors call it
 * @throws InvalidPayloadError when there is none: the payload is undefined, a function or a symbol, or holds a BigInt, a
 *   circular reference, or a getter or `toJSON` that throws, or is nested too deeply
 */
export function serializePayload(payload: unknown, path = 'payload'): string {
  if (RawJson.is(payload)) return payload.text
  let text: string | undefined
  try {
    // Typed as string, but undefined for a payload that has no JSON form.
    text = JSON.stringify(payload) as string | undefined
  } catch (error) {
    throw explain(payload, path, error)
  }
  if (text !== undefined) return text
  throw new InvalidPayloadError(
    typeof payload === 'object'
      ? `${path} has a toJSON whose result has no JSON form`
      : `${path} must be a JSON value, got ${describeValue(payload)}`,
  )
}

function explain(payload: unknown, path: string, error: unknown): InvalidPayloadError {
  if (error instanceof RangeError) {
    // The engine's two limits: its stack, and the length of a string.
    const limit = /string length/i.test(error.message) ? 'its JSON is too long for a string' : 'it is nested too deeply'
    return new InvalidPayloadError(`${path} cannot be written as JSON: ${limit}`)
  }
  const found = findUnserializable(payload, path)
  if (found === null) {
    const causes = 'a BigInt, a circular reference, or a getter or toJSON that throws'
    return new InvalidPayloadError(`${path} cannot be written as JSON: it holds ${causes}`, { cause: error })
  }
  return new InvalidPayloadError(`${found}; payloads must be JSON values`, { cause: error })
}
