const initialCapacity = 16

/** A first-in, first-out queue in one growing array used as a ring. */
export class RingQueue<T> {
  #slots: (T | undefined)[] = new Array<T | undefined>(initialCapacity)
  #head = 0
  size = 0

  push(item: T): void {
    if (this.size === this.#slots.length) this.#grow()
    this.#slots[(this.#head + this.size) & (this.#slots.length - 1)] = item
    this.size += 1
  }

  /** The one that `shift` would give. */
  get first(): T | undefined {
    return this.#slots[this.#head]
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined
    const item = this.#slots[this.#head]
    this.#slots[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#slots.length - 1)
    this.size -= 1
    return item
  }

  /** Doubles the ring, so that its length stays a power of two and an index wraps by a mask. */
  #grow(): void {
    const slots = new Array<T | undefined>(this.#slots.length * 2)
    for (let i = 0; i < this.size; i += 1) slots[i] = this.#slots[(this.#head + i) & (this.#slots.length - 1)]
    this.#slots = slots
    this.#head = 0
  }
}
