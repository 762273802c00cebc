import { httpDateMs } from './http-date.ts'

const delaySeconds = /^\d+$/

/**
 * What a `Retry-After` header asks for (RFC 9110 §10.2.3): a number of seconds, or a date in any form
 * of HTTP.
 *
 * @param nowMs wall-clock time, since the epoch
 * @returns milliseconds from now, at most `Number.MAX_SAFE_INTEGER`; null when the header is absent, unreadable or in
 *   the past
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null
  const text = header.trim()
  if (delaySeconds.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER)
  const dateMs = httpDateMs(text, nowMs)
  return dateMs !== null && dateMs > nowMs ? Math.ceil(dateMs - nowMs) : null
}

/** The delay, moved later if `Retry-After` asks for it: never earlier, and by the receiver's wish at most to `maxDelayMs`. */
export function applyRetryAfter(delayMs: number, header: string | null, nowMs: number, maxDelayMs: number): number {
  const askedMs = retryAfterMs(header, nowMs)
  return askedMs === null ? delayMs : Math.max(delayMs, Math.min(askedMs, maxDelayMs))
}
