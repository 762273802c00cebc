/** What comes out of a {@link MinHeap} by its place: the lowest first. It does not change while the item is in a heap. */
interface Placed {
  readonly place: number
}

/** Finds the lowest of its items at once; one more, or the lowest less, takes as many steps as the heap is deep. */
export class MinHeap<T extends Placed> {
  #items: T[] = []

  get size(): number {
    return this.#items.length
  }

  get first(): T | undefined {
    return this.#items[0]
  }

  push(item: T): void {
    const items = this.#items
    let at = items.length
    items.push(item)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = items[above]
      if (parent === undefined || parent.place <= item.place) break
      items[at] = parent
      at = above
    }
    items[at] = item
  }

  /** Takes the first out. */
  shift(): T | undefined {
    const items = this.#items
    const [first] = items
    const last = items.pop()
    if (last !== undefined && last !== first) this.#sink(last)
    return first
  }

  /** Keeps those alone that `wanted` says. */
  keep(wanted: (item: T) => boolean): void {
    // In ascending order the items are a heap already.
    this.#items = this.#items.filter(wanted).sort((one, other) => one.place - other.place)
  }

  /** Puts `item` where the first was. */
  #sink(item: T): void {
    const items = this.#items
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      const [left, right] = [items[below], items[below + 1]]
      let child = left
      if (right !== undefined && left !== undefined && right.place < left.place) {
        child = right
        below += 1
      }
      if (child === undefined || child.place >= item.place) break
      items[at] = child
      at = below
    }
    items[at] = item
  }
}
