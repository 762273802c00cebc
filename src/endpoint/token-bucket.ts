import type { Clock } from '../clock/clock.ts'
import type { RateLimit } from './rate-limit.ts'

/** A rate limit at work: a bucket of `burst` tokens that refills at `perSecond`. Time never takes tokens away. */
export class TokenBucket {
  readonly #clock: Clock
  readonly #limit: RateLimit
  #tokens: number
  /** On the monotonic clock. */
  #countedAt: number

  constructor(limit: RateLimit, clock: Clock) {
    this.#clock = clock
    this.#limit = limit
    this.#tokens = limit.burst
    this.#countedAt = clock.monotonic()
  }

  /** Takes a token, if there is one. */
  take(): boolean {
    this.#refill()
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  /** Puts back a token that was taken for nothing. */
  giveBack(): void {
    this.#tokens += 1
  }

  /** How long until there is a token; 0 when there is one. */
  get waitMs(): number {
    this.#refill()
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / this.#limit.perSecond) * 1000)
  }

  #refill(): void {
    const now = this.#clock.monotonic()
    const { burst, perSecond } = this.#limit
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#countedAt) / 1000) * perSecond)
    this.#countedAt = now
  }
}
