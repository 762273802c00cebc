/** The ids of one page, in the order of the texts, and where the next one begins. */
export interface IdPage {
  readonly ids: readonly string[]
  /** The last id, when there are more. */
  readonly next: string | null
}

/**
 * The first `limit` ids after `after`. By the ids themselves, and not by a count: what is registered or removed meanwhile makes
 * no page repeat or leave out another. One pass over the ids, which need be in no order.
 */
export function pageOfIds(ids: Iterable<string>, after: string | null, limit: number): IdPage {
  // One more than the page holds tells whether there are more.
  const first: string[] = []
  for (const id of ids) {
    if (after !== null && id <= after) continue
    if (first.length > limit) {
      const last = first[limit]
      if (last !== undefined && id >= last) continue
      first.pop()
    }
    first.splice(placeIn(first, id), 0, id)
  }
  const page = first.slice(0, limit)
  return { ids: page, next: first.length > limit ? (page.at(-1) ?? null) : null }
}

function placeIn(sorted: readonly string[], id: string): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sorted[middle] ?? '') < id) from = middle + 1
    else to = middle
  }
  return from
}
