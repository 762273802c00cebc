// The attempts in flight, how many there are of each pace, and the pace of whoever made them.
import { LinkedList } from '../collections/linked-list.ts'
import type { Turn } from './turn.ts'
import type { TurnRing } from './turn-ring.ts'
import type { Pace, TurnTaker } from './turn-taker.ts'

/** From this age on an attempt is slow. An endpoint in good health answers in a fraction of it. */
export const slowAttemptMs = 1000

export class AttemptsInFlight {
  readonly #ring: TurnRing
  readonly #byPace: Record<Pace, number> = { untried: 0, prompt: 0, slow: 0 }
  /** Those that are not slow, oldest first. */
  readonly #young = new LinkedList<Turn>()
  size = 0

  constructor(ring: TurnRing) {
    this.#ring = ring
  }

  /** How many are those of an endpoint that has this pace now. */
  sizeOf(pace: Pace): number {
    return this.#byPace[pace]
  }

  /** When the next one becomes slow, on the monotonic clock; `Infinity` when none does. */
  get nextSlowAt(): number {
    return this.#young.first === null ? Infinity : this.#young.first.startedAt + slowAttemptMs
  }

  /** `now` never goes back from one call to the next. */
  begin(turn: Turn, now: number): void {
    const { taker } = turn
    turn.startedAt = now
    turn.slow = false
    this.#young.push(turn)
    this.size += 1
    this.#byPace[taker.pace] += 1
    taker.inFlight += 1
  }

  /** It did not start after all, and tells nothing of its endpoint. */
  giveBack(turn: Turn): void {
    this.#remove(turn)
  }

  end(turn: Turn, now: number): void {
    const { taker } = turn
    this.#remove(turn)
    const slow = turn.slow || now >= turn.startedAt + slowAttemptMs
    this.#setPace(taker, slow || taker.slowInFlight > 0 ? 'slow' : 'prompt')
  }

  /** Finds those that have become slow by now. */
  age(now: number): void {
    for (let turn = this.#young.first; turn !== null; turn = this.#young.first) {
      if (now < turn.startedAt + slowAttemptMs) return
      this.#young.remove(turn)
      turn.slow = true
      turn.taker.slowInFlight += 1
      this.#setPace(turn.taker, 'slow')
    }
  }

  #remove(turn: Turn): void {
    const { taker } = turn
    if (turn.slow) taker.slowInFlight -= 1
    else this.#young.remove(turn)
    this.size -= 1
    this.#byPace[taker.pace] -= 1
    taker.inFlight -= 1
  }

  /** All its attempts in flight count under its new pace. One that waits goes to the end of its new line. */
  #setPace(taker: TurnTaker, pace: Pace): void {
    if (taker.pace === pace) return
    const { inRing } = taker
    if (inRing) this.#ring.leave(taker)
    this.#byPace[taker.pace] -= taker.inFlight
    this.#byPace[pace] += taker.inFlight
    taker.pace = pace
    if (inRing) this.#ring.enter(taker)
  }
}
