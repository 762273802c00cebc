import type { Column } from './column.ts'

/** Which items belong to which group, each group's in their order: two lists, however many groups there are. */
export class Grouping {
  readonly #starts: Int32Array
  readonly #items: Int32Array

  /** @param groupOf the group of each item; items of a negative group belong to none */
  constructor(groupOf: Column<Int32Array>, groups: number) {
    const starts = new Int32Array(groups + 1)
    for (let item = 0; item < groupOf.length; item += 1) {
      const group = groupOf.at(item)
      if (group >= 0) starts[group + 1] = (starts[group + 1] ?? 0) + 1
    }
    for (let group = 0; group < groups; group += 1) starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0)
    const next = starts.slice()
    const items = new Int32Array(starts[groups] ?? 0)
    for (let item = 0; item < groupOf.length; item += 1) {
      const group = groupOf.at(item)
      if (group < 0) continue
      const place = next[group] ?? 0
      items[place] = item
      next[group] = place + 1
    }
    this.#starts = starts
    this.#items = items
  }

  /** The items of a group, in their order. */
  of(group: number): Int32Array {
    return this.#items.subarray(this.#starts[group] ?? 0, this.#starts[group + 1] ?? 0)
  }

  /** How many items of a group are at most `item`. */
  countUpTo(group: number, item: number): number {
    const first = this.#starts[group] ?? 0
    let low = first
    let high = this.#starts[group + 1] ?? 0
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#items[middle] ?? 0) <= item) low = middle + 1
      else high = middle
    }
    return low - first
  }

  /** The last item of a group that is at most `item`; -1 when there is none. */
  lastUpTo(group: number, item: number): number {
    const count = this.countUpTo(group, item)
    return count === 0 ? -1 : (this.#items[(this.#starts[group] ?? 0) + count - 1] ?? -1)
  }
}
