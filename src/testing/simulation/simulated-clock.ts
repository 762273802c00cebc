import type { SeededSource } from './seeded-source.ts'

/** Something that comes due. */
export interface DueCall {
  readonly atMs: number
  /** Settles ties, by chance: of two things that happen in the same millisecond either may come first. */
  readonly tie: number
  readonly order: number
  /** Null once it was called or cancelled. */
  call: (() => void) | null
}

/**
 * The time of a simulated world, in whole milliseconds from 0. It moves from one due call to the next, and only when told
 * to. Unlike `createVirtualClock` it waits for nothing in between: whoever moves it lets promises run.
 */
export class SimulatedClock {
  readonly #ties: SeededSource
  readonly #heap: DueCall[] = []
  #order = 0
  #wallOffsetMs: number
  elapsedMs = 0

  constructor(startAtMs: number, ties: SeededSource) {
    this.#wallOffsetMs = startAtMs
    this.#ties = ties
  }

  /** What clocks on the wall show, in milliseconds since the Unix epoch. */
  get wallMs(): number {
    return this.#wallOffsetMs + this.elapsedMs
  }

  /** The wall clock is corrected; what is due stays due. */
  jump(ms: number): void {
    this.#wallOffsetMs += ms
  }

  /** Calls `call` in `delayMs`, rounded up. */
  in(delayMs: number, call: () => void): DueCall {
    const due = { atMs: this.elapsedMs + Math.ceil(delayMs), tie: this.#ties.next(), order: (this.#order += 1), call }
    this.#push(due)
    return due
  }

  cancel(due: DueCall): void {
    due.call = null
  }

  /** Moves to the next due call and makes it; false, and no move, when there is none by `untilMs`. */
  callNext(untilMs: number): boolean {
    for (let due = this.#heap[0]; due !== undefined; due = this.#heap[0]) {
      if (due.call !== null && due.atMs > untilMs) return false
      this.#pop()
      const { call } = due
      if (call === null) continue
      due.call = null
      this.elapsedMs = due.atMs
      call()
      return true
    }
    return false
  }

  #push(due: DueCall): void {
    const heap = this.#heap
    let slot = heap.length
    while (slot > 0) {
      const parentSlot = (slot - 1) >> 1
      const parent = heap[parentSlot]
      if (parent === undefined || isBefore(parent, due)) break
      heap[slot] = parent
      slot = parentSlot
    }
    heap[slot] = due
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let slot = 0
    for (;;) {
      let childSlot = 2 * slot + 1
      let child = heap[childSlot]
      const right = heap[childSlot + 1]
      if (child !== undefined && right !== undefined && isBefore(right, child)) {
        child = right
        childSlot += 1
      }
      if (child === undefined || isBefore(last, child)) break
      heap[slot] = child
      slot = childSlot
    }
    heap[slot] = last
  }
}

function isBefore(one: DueCall, other: DueCall): boolean {
  if (one.atMs !== other.atMs) return one.atMs < other.atMs
  return one.tie !== other.tie ? one.tie < other.tie : one.order < other.order
}
