import type { Clock } from '../clock/clock.ts'
import { Task } from '../clock/scheduler.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import type { RateLimit } from '../endpoint/rate-limit.ts'
import { TokenBucket } from '../endpoint/token-bucket.ts'

/** A rate limit over all attempts of a service. While it holds someone, it comes due when it will let the next one go. */
export class ServiceRateLimit extends Task {
  readonly #bucket: TokenBucket
  readonly #clock: Clock
  readonly #scheduler: Scheduler
  readonly #look: () => void
  #heldSince: number | null = null
  #heldBefore = 0

  /** `look` gives the turns there are to give. */
  constructor(limit: RateLimit, clock: Clock, scheduler: Scheduler, look: () => void) {
    super()
    this.#bucket = new TokenBucket(limit, clock)
    this.#clock = clock
    this.#scheduler = scheduler
    this.#look = look
  }

  get waitMs(): number {
    return this.#bucket.waitMs
  }

  /** How long it has held turns so far, in all. */
  get heldMs(): number {
    return this.#heldSince === null ? this.#heldBefore : this.#heldBefore + this.#clock.monotonic() - this.#heldSince
  }

  /** Holds the next turn for so long. */
  hold(waitMs: number): void {
    this.#heldSince ??= this.#clock.monotonic()
    if (!this.scheduled) this.#scheduler.schedule(this, waitMs)
  }

  /** Holds nobody: a turn may be given, or nobody wants one. */
  letGo(): void {
    if (this.#heldSince === null) return
    this.#heldBefore = this.heldMs
    this.#heldSince = null
    this.#scheduler.cancel(this)
  }

  take(): void {
    this.#bucket.take()
  }

  giveBack(): void {
    this.#bucket.giveBack()
  }

  due(): void {
    this.#look()
  }
}
