import { Type } from 'typebox'
import type { TUnsafe } from 'typebox'

/** One of a few texts. Written as `type` and `enum`, which every reader of OpenAPI takes. */
export function textChoice<const Choice extends string>(
  choices: readonly Choice[],
): TUnsafe<Choice> & { readonly type: 'string'; readonly enum: readonly Choice[] } {
  const schema = { type: 'string' as const, enum: [...choices] }
  return Object.assign(Type.Unsafe<Choice>(schema), schema)
}
