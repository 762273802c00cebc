import { IsArray, IsBoolean, IsInteger, IsNumber, IsObject } from 'typebox'
import type { TSchema } from 'typebox'

const numberForm = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i

/**
 * What a text of the environment or the command line gives for a key: numbers and yes or no as they are written, a list
 * with commas or, like whatever else is no plain value, as JSON. A text that is none of it stays one, and is refused as such.
 */
export function textValue(schema: TSchema, text: string): unknown {
  if (IsBoolean(schema)) return text === 'true' ? true : text === 'false' ? false : text
  if (IsInteger(schema) || IsNumber(schema)) return numberForm.test(text) ? Number(text) : text
  if (!IsArray(schema)) return text
  if (text.trimStart().startsWith('[')) return jsonOr(text)
  if (IsObject(schema.items)) return text
  return text.trim() === '' ? [] : text.split(',').map((item) => textValue(schema.items, item.trim()))
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // It is refused as a text where a list belongs, without what the parser says: that may quote a secret.
    return text
  }
}
