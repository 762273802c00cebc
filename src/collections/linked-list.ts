/** What an item of a {@link LinkedList} carries. An item is in at most one list at a time. */
export interface Linked<T> {
  previous: T | null
  next: T | null
}

/** A queue that threads through its items: nothing is allocated per item, and any item leaves in constant time. */
export class LinkedList<T extends Linked<T>> implements Iterable<T> {
  first: T | null = null
  last: T | null = null
  size = 0

  push(item: T): void {
    item.previous = this.last
    item.next = null
    if (this.last === null) this.first = item
    else this.last.next = item
    this.last = item
    this.size += 1
  }

  unshift(item: T): void {
    item.previous = null
    item.next = this.first
    if (this.first === null) this.last = item
    else this.first.previous = item
    this.first = item
    this.size += 1
  }

  /** Whether `item`, which is in no other list, is in this one. */
  has(item: T): boolean {
    return item === this.first || item.previous !== null
  }

  /** `item` must be in this list. */
  remove(item: T): void {
    if (item.previous === null) this.first = item.next
    else item.previous.next = item.next
    if (item.next === null) this.last = item.previous
    else item.next.previous = item.previous
    item.previous = null
    item.next = null
    this.size -= 1
  }

  *[Symbol.iterator](): IterableIterator<T> {
    let item = this.first
    while (item !== null) {
      // Read before yielding: whoever iterates may remove the item.
      const { next } = item
      yield item
      item = next
    }
  }
}
