import type { ApiError } from '../http/api-error.ts'
import { badField } from './bad-request.ts'

/** Where a page ends, as it goes out: a text in which nobody is tempted to read. */
export function writeCursor(place: string | null): string | null {
  return place === null ? null : Buffer.from(place).toString('base64url')
}

/** @throws ApiError 400 when it is none that {@link writeCursor} has written */
export function readCursor(cursor: string | undefined, where: 'query' | 'body'): string | null {
  if (cursor === undefined) return null
  const place = Buffer.from(cursor, 'base64url').toString()
  // What decodes to the same bytes by passing over what is no base64url is another text.
  if (place !== '' && writeCursor(place) === cursor) return place
  throw badCursor(where)
}

export function badCursor(where: 'query' | 'body'): ApiError {
  return badField('/cursor', 'must be the nextCursor of the page before', where)
}
