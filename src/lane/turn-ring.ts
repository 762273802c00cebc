import { LinkedList } from '../collections/linked-list.ts'
import type { Pace, TurnTaker } from './turn-taker.ts'

/** Who waits for a turn: one order for all, by ticket, and one line for each pace. */
export class TurnRing {
  readonly #lines: Readonly<Record<Pace, LinkedList<TurnTaker>>> = {
    untried: new LinkedList(),
    prompt: new LinkedList(),
    slow: new LinkedList(),
  }
  #tickets = 0
  size = 0

  enter(taker: TurnTaker): void {
    taker.inRing = true
    taker.ticket = this.#tickets += 1
    this.#lines[taker.pace].push(taker)
    this.size += 1
  }

  leave(taker: TurnTaker): void {
    taker.inRing = false
    this.#lines[taker.pace].remove(taker)
    this.size -= 1
  }

  /** The one that has waited longest. */
  first(pace: Pace): TurnTaker | null {
    return this.#lines[pace].first
  }

  /** The one that came last. */
  last(pace: Pace): TurnTaker | null {
    return this.#lines[pace].last
  }
}
