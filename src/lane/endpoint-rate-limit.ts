import type { Clock } from '../clock/clock.ts'
import { Task } from '../clock/scheduler.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import type { RateLimit } from '../endpoint/rate-limit.ts'
import { TokenBucket } from '../endpoint/token-bucket.ts'

/** An endpoint's own rate limit. While it holds the endpoint, it comes due when it lets the next attempt go. */
export class EndpointRateLimit extends Task {
  readonly #clock: Clock
  readonly #scheduler: Scheduler
  readonly #wake: () => void
  readonly #bucket: TokenBucket
  #heldSince = 0
  #heldBefore = 0

  constructor(limit: RateLimit, clock: Clock, scheduler: Scheduler, wake: () => void) {
    super()
    this.#bucket = new TokenBucket(limit, clock)
    this.#clock = clock
    this.#scheduler = scheduler
    this.#wake = wake
  }

  get waitMs(): number {
    return this.#bucket.waitMs
  }

  /** How long it has held the endpoint so far, in all. */
  get heldMs(): number {
    return this.scheduled ? this.#heldBefore + this.#clock.monotonic() - this.#heldSince : this.#heldBefore
  }

  take(): void {
    this.#bucket.take()
  }

  /** Holds the endpoint for so long. */
  hold(waitMs: number): void {
    this.#heldSince = this.#clock.monotonic()
    this.#scheduler.schedule(this, waitMs)
  }

  letGo(): void {
    this.#heldBefore = this.heldMs
    this.#scheduler.cancel(this)
  }

  due(): void {
    this.#heldBefore += this.#clock.monotonic() - this.#heldSince
    this.#wake()
  }
}
