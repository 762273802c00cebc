import { performance } from 'node:perf_hooks'
import type { Clock } from './clock.ts'

/** The machine's own clock. The only place in the core that reads it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  // Every timer given to this clock came from the line above.
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
}
