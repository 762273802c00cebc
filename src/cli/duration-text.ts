const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** A length of time for people, in at most two units: `950 ms`, `12.5 s`, `4 min 10 s`, `2 h 3 min`, `3 d 4 h`. */
export function durationText(ms: number): string {
  if (ms < 0) return `-${durationText(-ms)}`
  if (Math.round(ms) < secondMs) return `${Math.round(ms)} ms`
  if (Math.round(ms / 100) * 100 < minuteMs) return `${(ms / secondMs).toFixed(1)} s`
  if (roundTo(ms, secondMs) < hourMs) return inTwo(roundTo(ms, secondMs), minuteMs, 'min', secondMs, 's')
  if (roundTo(ms, minuteMs) < dayMs) return inTwo(roundTo(ms, minuteMs), hourMs, 'h', minuteMs, 'min')
  return inTwo(roundTo(ms, hourMs), dayMs, 'd', hourMs, 'h')
}

function roundTo(ms: number, unitMs: number): number {
  return Math.round(ms / unitMs) * unitMs
}

function inTwo(ms: number, largeMs: number, large: string, smallMs: number, small: string): string {
  const rest = Math.round((ms % largeMs) / smallMs)
  return `${Math.floor(ms / largeMs)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`
}
