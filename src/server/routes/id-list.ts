import { badCursor, readCursor, writeCursor } from './cursor.ts'
import { pageOfIds } from './id-page.ts'
import type { Answer } from './route.ts'

export interface IdListQuery {
  readonly limit?: number
  readonly cursor?: string
}

/**
 * One page of a list in the order of its ids.
 *
 * @param list its name, which its cursors have: one of another list would leave out what it should hold
 * @param describe what the list shows of an id; asked only for those on the page
 * @throws ApiError 400 for a cursor that is none, or another list's
 */
export function answerPage(
  list: string,
  ids: Iterable<string>,
  { limit = 50, cursor }: IdListQuery,
  describe: (id: string) => unknown,
): Answer {
  const place = readCursor(cursor, 'query')
  const own = `${list}:`
  if (place !== null && !place.startsWith(own)) throw badCursor('query')
  const page = pageOfIds(ids, place === null ? null : place.slice(own.length), limit)
  const nextCursor = page.next === null ? null : writeCursor(own + page.next)
  return { status: 200, body: { data: page.ids.map(describe), nextCursor } }
}
