import { LinkedList } from '../collections/linked-list.ts'
import type { Lane } from './lane.ts'

/**
 * The lanes that hold live actors, least recently used first. A lane beyond the limit is put to rest: its actors become
 * records again, until its next turn. So live actors cost a bounded amount of memory, however many lanes there are.
 */
export class LiveLanes {
  readonly #limit: number
  readonly #lanes = new LinkedList<Lane>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#lanes.size
  }

  /** `lane` holds live actors and was just used. */
  used(lane: Lane): void {
    if (this.#lanes.last === lane) return
    this.remove(lane)
    this.#lanes.push(lane)
    if (this.#lanes.size > this.#limit) this.#restSurplus()
  }

  /** `lane` holds no live actors any more, if it ever did. */
  remove(lane: Lane): void {
    if (this.#lanes.has(lane)) this.#lanes.remove(lane)
  }

  /** The oldest first. Those with a request in flight, at most `concurrency`, stay until the next time. */
  #restSurplus(): void {
    for (const lane of this.#lanes) {
      if (this.#lanes.size <= this.#limit) return
      lane.rest()
    }
  }
}
