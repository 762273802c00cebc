import { Type } from 'typebox'
import type { TArray, TObject, TSchema, TUnsafe } from 'typebox'
import { closedObject } from './closed-object.ts'
import { nullable } from './nullable.ts'

/** What every list takes. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'How many a page may hold.' }),
  ),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1024, description: 'The `nextCursor` of the page before.' }),
  ),
}

/** One page of a list. */
export function pageOf<Item extends TSchema>(
  item: Item,
  options: { readonly $id: string },
): TObject<{ data: TArray<Item>; nextCursor: TUnsafe<string | null> }> {
  const nextCursor = nullable(
    Type.String({ description: 'Where the next page begins; null when there is nothing more.' }),
  )
  return closedObject({ data: Type.Array(item), nextCursor }, options)
}
