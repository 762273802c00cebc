import type { Clock, Timer } from '../../clock/clock.ts'
import type { DueCall, SimulatedClock } from './simulated-clock.ts'

/** What the ports of a dead process throw at the code that still runs in it. */
export class ProcessDiedError extends Error {
  override readonly name = 'ProcessDiedError'

  constructor() {
    super('the simulated process died')
  }
}

/**
 * One life of the process that the service runs in, from a start to a crash. When it dies its ports go dead, all at once:
 * whatever the code in it still does has no effect on the world.
 */
export class ProcessLife {
  readonly number: number
  #alive = true
  readonly #atDeath: (() => void)[] = []

  constructor(number: number) {
    this.number = number
  }

  get alive(): boolean {
    return this.#alive
  }

  die(): void {
    if (!this.#alive) return
    this.#alive = false
    for (const act of this.#atDeath) act()
    this.#atDeath.length = 0
  }

  atDeath(act: () => void): void {
    this.#atDeath.push(act)
  }
}

interface RunningTimer extends Timer {
  due: DueCall | null
}

/** The clock of one life. Its monotonic time begins anywhere, as on a machine that was started again. */
export class ClockOfLife implements Clock {
  readonly #life: ProcessLife
  readonly #clock: SimulatedClock
  readonly #originMs: number
  #timers = 0
  #lastMs = 0

  constructor(life: ProcessLife, clock: SimulatedClock, originMs: number) {
    this.#life = life
    this.#clock = clock
    this.#originMs = originMs
  }

  /** How many timers are set and have not run out. */
  get timers(): number {
    return this.#timers
  }

  now(): number {
    return this.#clock.wallMs
  }

  monotonic(): number {
    if (this.#life.alive) this.#lastMs = this.#originMs + this.#clock.elapsedMs
    return this.#lastMs
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    const timer: RunningTimer = { due: null }
    if (!this.#life.alive) return timer
    this.#timers += 1
    timer.due = this.#clock.in(delayMs, () => {
      timer.due = null
      this.#timers -= 1
      if (this.#life.alive) callback()
    })
    return timer
  }

  clearTimeout(timer: RunningTimer): void {
    if (timer.due === null) return
    this.#clock.cancel(timer.due)
    timer.due = null
    this.#timers -= 1
  }
}
