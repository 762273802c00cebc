let lastMs = NaN
let lastText = ''

/** A time as records show it: ISO 8601 in UTC. Many records share a millisecond, and then the text as well. */
export function isoTime(epochMs: number): string {
  const wholeMs = Math.floor(epochMs)
  if (wholeMs !== lastMs) {
    lastText = new Date(wholeMs).toISOString()
    lastMs = wholeMs
  }
  return lastText
}

/** A record's time, in milliseconds since the Unix epoch; 0 for what is no time, so that whoever wrote it comes first. */
export function msOf(at: string): number {
  const ms = Date.parse(at)
  return Number.isNaN(ms) ? 0 : ms
}
