import type { Random } from '../random/random.ts'
import type { RetryPolicy } from './retry-policy.ts'

/**
 * How long to wait after a failed attempt before the next one: `initialDelayMs · multiplier^(attempt - 1)`, cut to
 * `maxDelayMs`, times a factor drawn evenly from `1 - jitter` to `1 + jitter`, cut to `maxDelayMs` again.
 *
 * @param attempt the attempt that failed, as counted within its budget, from 1
 * @returns whole milliseconds, 0 to `maxDelayMs`
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: Random): number {
  const { initialDelayMs, multiplier, maxDelayMs, jitter } = policy
  // The power of a late attempt is Infinity, which the cut below mends; but 0 · Infinity would be NaN.
  if (initialDelayMs === 0) return 0
  const delayMs = Math.min(initialDelayMs * multiplier ** (attempt - 1), maxDelayMs)
  if (jitter === 0) return Math.round(delayMs)
  return Math.min(Math.round(delayMs * (1 - jitter + 2 * jitter * random())), maxDelayMs)
}

/**
 * How long until `retryAt`, which was drawn at `drawnAt` (both ISO 8601). Never longer than was drawn: by the time the log
 * takes the answer, the wall clock may have been set back.
 */
export function delayLeftMs(retryAt: string, drawnAt: string, nowMs: number): number {
  return Math.max(0, Date.parse(retryAt) - Math.max(nowMs, Date.parse(drawnAt)))
}
