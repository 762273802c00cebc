const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const

/** A duration as people say it: `230 ms`, `1.5 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  for (const [index, [unit, unitMs]] of units.entries()) {
    const whole = Math.floor((seconds * 1000) / unitMs)
    if (whole === 0) continue
    const [smaller, smallerMs] = units[index + 1] ?? ['s', 1000]
    const rest = Math.floor((seconds * 1000 - whole * unitMs) / smallerMs)
    return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${smaller}`
  }
  return `${seconds} s`
}
