import { Type } from 'typebox'
import type { TObject, TObjectOptions, TProperties } from 'typebox'

/** An object with these members and no others: a misspelt name is refused, not passed over. */
export function closedObject<Properties extends TProperties>(
  properties: Properties,
  options: TObjectOptions = {},
): TObject<Properties> {
  return Type.Object(properties, { ...options, additionalProperties: false })
}
