import type { Clock, Timer } from './clock.ts'
import { systemClock } from './system-clock.ts'

/** The last moment that has a date. */
const lastDateMs = 8.64e15

/**
 * A user's clock that cannot stop the service. A reading that throws or is no time counts as the one before it.
 * Monotonic time that is set back goes on from where it was: what waits would else wait for that time again. A timer
 * that cannot be set is set on the machine's clock: if that comes too early, nothing is found due and it is set again.
 */
export class SteadyClock implements Clock {
  readonly #clock: Clock
  readonly #machineTimers = new WeakSet<Timer>()
  #lastNow = 0
  #lastMonotonic = 0
  /** By how much monotonic time has been set back, in all. */
  #setBackMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    try {
      const now = this.#clock.now()
      if (Math.abs(now) <= lastDateMs) this.#lastNow = now
    } catch {
      // The reading before stands.
    }
    return this.#lastNow
  }

  monotonic(): number {
    try {
      const monotonic = this.#clock.monotonic() + this.#setBackMs
      if (!Number.isFinite(monotonic)) return this.#lastMonotonic
      if (monotonic < this.#lastMonotonic) this.#setBackMs += this.#lastMonotonic - monotonic
      else this.#lastMonotonic = monotonic
    } catch {
      // The reading before stands.
    }
    return this.#lastMonotonic
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    try {
      return this.#clock.setTimeout(callback, delayMs)
    } catch {
      const timer = systemClock.setTimeout(callback, delayMs)
      this.#machineTimers.add(timer)
      return timer
    }
  }

  clearTimeout(timer: Timer): void {
    if (this.#machineTimers.has(timer)) return systemClock.clearTimeout(timer)
    try {
      this.#clock.clearTimeout(timer)
    } catch {
      // It runs out then, and finds nothing due.
    }
  }
}
