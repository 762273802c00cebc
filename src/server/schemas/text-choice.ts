import { Type } from 'typebox'
import type { TOptions, TUnsafe } from 'typebox'

/** One of a few texts. Written as `type` and `enum`, which every reader of OpenAPI takes. */
export function textChoice<const Choice extends string>(choices: readonly Choice[]): TUnsafe<Choice> & { type: 'string' } {
  return Object.assign(Type.Unsafe<Choice>({ type: 'string', enum: [...choices] }), { type: 'string' as const })
}
