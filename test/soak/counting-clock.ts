import type { Clock, Timer } from '../../src/index.ts'
import { systemClock } from '../../src/clock/system-clock.ts'

/** The machine's clock, which knows how many of its timers run: also those that keep no process alive. */
export interface CountingClock extends Clock {
  readonly running: number
}

export function createCountingClock(): CountingClock {
  const running = new Set<Timer>()
  return {
    get running() {
      return running.size
    },
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic(),
    setTimeout(callback, delayMs) {
      const timer = systemClock.setTimeout(() => {
        running.delete(timer)
        callback()
      }, delayMs)
      running.add(timer)
      return timer
    },
    clearTimeout(timer) {
      running.delete(timer)
      systemClock.clearTimeout(timer)
    },
  }
}
