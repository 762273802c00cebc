const delaySeconds = /^\d+$/
// Date.parse alone is too generous: V8 reads a date in "5.5" and in "later 1".
const imfFixdate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * What a `Retry-After` header asks for (RFC 9110 §10.2.3): a number of seconds, or a date in the IMF-fixdate form.
 *
 * @param nowMs wall-clock time, since the epoch
 * @returns milliseconds from now, at most `Number.MAX_SAFE_INTEGER`; null when the header is absent, unreadable or in
 *   the past
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null
  const text = header.trim()
  if (delaySeconds.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER)
  if (!imfFixdate.test(text)) return null
  const fromNowMs = Date.parse(text) - nowMs
  // Also null for NaN, the 99th of January.
  return fromNowMs > 0 ? Math.ceil(fromNowMs) : null
}

/** The delay, moved later if `Retry-After` asks for it: never earlier, and by the receiver's wish at most to `maxDelayMs`. */
export function applyRetryAfter(delayMs: number, header: string | null, nowMs: number, maxDelayMs: number): number {
  const askedMs = retryAfterMs(header, nowMs)
  return askedMs === null ? delayMs : Math.max(delayMs, Math.min(askedMs, maxDelayMs))
}
