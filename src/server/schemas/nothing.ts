import { Type } from 'typebox'
import type { TVoid } from 'typebox'

/** The body of an answer that has none. */
export function nothing(description: string): TVoid {
  return Type.Void({ description })
}
