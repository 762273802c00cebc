/** `09:30:00.120`, in UTC as all times of a log. */
export function formatClock(iso: string): string {
  return iso.slice(11, 23)
}

/** `2025-01-31 09:30:00.120` */
export function formatMoment(iso: string): string {
  return `${iso.slice(0, 10)} ${formatClock(iso)}`
}

const units = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'min' },
  { ms: 1000, name: 's' },
]

/** `35 ms`, `1.2 s`, `4 min 20 s`, `2 h 5 min`: two units at most. */
export function formatDuration(durationMs: number): string {
  const rounded = Math.max(0, Math.round(durationMs))
  if (rounded < 1000) return `${rounded} ms`
  if (rounded < 60_000) return `${Math.round(rounded / 100) / 10} s`
  const index = units.findIndex(({ ms }) => rounded >= ms)
  const [unit, smaller] = units.slice(index)
  if (unit === undefined || smaller === undefined) return `${Math.round(rounded / 1000)} s`
  const whole = Math.floor(rounded / unit.ms)
  const rest = Math.round((rounded - whole * unit.ms) / smaller.ms)
  return rest === 0 ? `${whole} ${unit.name}` : `${whole} ${unit.name} ${rest} ${smaller.name}`
}

/** `1,234 bytes` */
export function formatBytes(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${formatCount(bytes)} bytes`
}

/** `12,345` */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}
