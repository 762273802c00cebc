import { durationText } from '../../../recorded/duration-text.ts'

/** `09:30:00.120`, in UTC as all times of a log. */
export function formatClock(iso: string): string {
  return iso.slice(11, 23)
}

/** `2025-01-31 09:30:00.120` */
export function formatMoment(iso: string): string {
  return `${iso.slice(0, 10)} ${formatClock(iso)}`
}

/** Some moments of one log, each as short as tells them apart: with the day over several, with milliseconds within seconds. */
export function formatScale(isos: readonly string[]): string[] {
  const days = new Set(isos.map((iso) => iso.slice(0, 10)))
  if (days.size > 1) return isos.map((iso) => `${iso.slice(5, 10)} ${iso.slice(11, 16)}`)
  const seconds = isos.map((iso) => iso.slice(11, 19))
  return new Set(seconds).size === isos.length ? seconds : isos.map(formatClock)
}

/** `35 ms`, `1.2 s`, `4 min 20 s`, `2 h 5 min`. A wall clock that was set back makes no time negative. */
export function formatDuration(durationMs: number): string {
  return durationText(Math.max(0, durationMs))
}

/** `1,234 bytes` */
export function formatBytes(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${formatCount(bytes)} bytes`
}

/** `12,345` */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}
