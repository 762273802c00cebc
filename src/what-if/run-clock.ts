import type { Clock, Timer } from '../clock/clock.ts'

interface RunTimer extends Timer {
  readonly dueMs: number
  readonly callback: () => void
  keepsAlive: boolean
}

/**
 * Time for a run that waits for nothing real: it moves from one due time to the next, as fast as the machine can. Made for
 * the few timers that schedulers set, each of which holds very many due times.
 */
export class RunClock implements Clock {
  readonly #startMs: number
  /** In the order of setting, which decides between equal due times. */
  readonly #timers = new Set<RunTimer>()
  #elapsedMs = 0

  /** @param startMs wall-clock time at the start, since the epoch */
  constructor(startMs: number) {
    this.#startMs = startMs
  }

  now(): number {
    return this.#startMs + this.#elapsedMs
  }

  monotonic(): number {
    return this.#elapsedMs
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    const timer: RunTimer = {
      dueMs: this.#elapsedMs + Math.ceil(delayMs),
      callback,
      keepsAlive: true,
      ref: () => (timer.keepsAlive = true),
      unref: () => (timer.keepsAlive = false),
    }
    this.#timers.add(timer)
    return timer
  }

  clearTimeout(timer: Timer): void {
    // Only timers of this clock are in the set, so whatever else is given is not found.
    this.#timers.delete(timer as RunTimer)
  }

  /** On the monotonic scale; Infinity when no timer is set. */
  get nextDueMs(): number {
    return this.#first?.dueMs ?? Infinity
  }

  /** Whether a timer is set that is not there for tidying up alone. */
  get keptAlive(): boolean {
    for (const { keepsAlive } of this.#timers) if (keepsAlive) return true
    return false
  }

  /** Moves to the first due time and calls the timer that is due then. */
  fireNext(): void {
    const first = this.#first
    if (first === null) return
    this.#timers.delete(first)
    this.#elapsedMs = first.dueMs
    first.callback()
  }

  /** Moves to a time before which nothing is due. */
  moveTo(elapsedMs: number): void {
    this.#elapsedMs = elapsedMs
  }

  get #first(): RunTimer | null {
    let first: RunTimer | null = null
    for (const timer of this.#timers) if (first === null || timer.dueMs < first.dueMs) first = timer
    return first
  }
}
