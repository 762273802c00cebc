import { readCursor, writeCursor } from './cursor.ts'
import { pageOfIds } from './id-page.ts'
import type { Answer } from './route.ts'

export interface IdListQuery {
  readonly limit?: number
  readonly cursor?: string
}

/**
 * One page of a list in the order of its ids.
 *
 * @param describe what the list shows of an id; asked only for those on the page
 * @throws ApiError 400 for a cursor that is none
 */
export function answerPage(
  ids: Iterable<string>,
  { limit = 50, cursor }: IdListQuery,
  describe: (id: string) => unknown,
): Answer {
  const page = pageOfIds(ids, readCursor(cursor, 'query'), limit)
  return { status: 200, body: { data: page.ids.map(describe), nextCursor: writeCursor(page.next) } }
}
