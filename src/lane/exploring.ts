/** Of the places left for exploring, the share that may be given out at once. */
const burstShare = 1 / 8

/**
 * How fast the last places may be given to endpoints nobody knows. Each may hang, and then holds its place for `holdMs`. So a
 * place is given out every `holdMs / room`, where `room` is how many are left: that way some are left when the first
 * come back, however many endpoints hang. An attempt that ends in good time gives back what it took and costs nothing.
 */
export class Exploring {
  readonly #holdMs: number
  #allowed = Infinity
  #countedAt = 0

  constructor(holdMs: number) {
    this.#holdMs = holdMs
  }

  /** How long until a place may be given out, in whole milliseconds; 0 when one may now. `room` is at least 1. */
  waitMs(room: number, now: number): number {
    const elapsedMs = now - this.#countedAt
    this.#countedAt = now
    const most = Math.max(1, room * burstShare)
    this.#allowed = Math.min(most, this.#allowed + (elapsedMs * room) / this.#holdMs)
    return this.#allowed >= 1 ? 0 : Math.ceil(((1 - this.#allowed) * this.#holdMs) / room)
  }

  take(): void {
    this.#allowed -= 1
  }

  giveBack(): void {
    this.#allowed += 1
  }
}
