// Who may start the next request. Endpoints with something to send stand in one ring; whenever one of the service's
// requests ends, the next endpoint in the ring gets the place, for one attempt. So no endpoint waits behind another's
// backlog, however long that is.
import { RingQueue } from '../collections/ring-queue.ts'

/** Someone who takes turns: an endpoint with its lanes. */
export interface TurnTaker {
  /** Whether it stands in the ring now. The ring's own. */
  inRing: boolean
  /** Starts one attempt, if it has any that may start. Returns whether it did, and wants another turn after. */
  takeTurn(): { readonly started: boolean; readonly more: boolean }
}

export class Turns {
  readonly #concurrency: number
  readonly #ring = new RingQueue<TurnTaker>()
  readonly #quiet: () => void
  #inFlight = 0
  #looking = false
  #closed = false

  /** `quiet` is called whenever nothing is in flight and nobody wants a turn. */
  constructor(concurrency: number, quiet: () => void) {
    this.#concurrency = concurrency
    this.#quiet = quiet
  }

  /** Requests in flight, over all endpoints. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Endpoints waiting for a turn. */
  get waiting(): number {
    return this.#ring.size
  }

  /** `taker` has something to send. It is asked in its turn, never from inside this call. */
  offer(taker: TurnTaker): void {
    if (!taker.inRing) {
      taker.inRing = true
      this.#ring.push(taker)
    }
    this.look()
  }

  /** A request that was started has ended. */
  release(): void {
    this.#inFlight -= 1
    this.look()
  }

  /** No turn is given from now on. */
  close(): void {
    this.#closed = true
    this.look()
  }

  /**
   * Gives what turns there are to give, or finds that all is quiet. In a microtask: callers may be in the middle of a step,
   * and many calls in one tick need one look at the ring.
   */
  look(): void {
    if (this.#looking) return
    this.#looking = true
    queueMicrotask(this.#giveTurns)
  }

  readonly #giveTurns = (): void => {
    this.#looking = false
    while (!this.#closed && this.#inFlight < this.#concurrency) {
      const taker = this.#ring.shift()
      if (taker === undefined) break
      taker.inRing = false
      // Counted before it starts, so that an attempt that ends at once gives back what was taken.
      this.#inFlight += 1
      const { started, more } = taker.takeTurn()
      if (!started) this.#inFlight -= 1
      if (more && !taker.inRing) {
        taker.inRing = true
        this.#ring.push(taker)
      }
    }
    if (this.#inFlight === 0 && (this.#closed || this.#ring.size === 0)) this.#quiet()
  }
}
