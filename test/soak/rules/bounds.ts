import { slopeOf } from '../../../bench/measure/statistics.ts'

/** A bounded quantity: how much of it there was at most, and how much there may be. */
export interface Gauge {
  readonly most: number
  readonly limit: number
}

export interface HeapReading {
  readonly atMs: number
  /** After a full collection. */
  readonly heapBytes: number
  readonly rssBytes: number
}

/** What the second half of a run may add to the heap. Of 300 bytes a request, a leak would be more in two minutes. */
export const mostGrowthBytes = 6 * 2 ** 20

export function checkBounds(gauges: Readonly<Record<string, Gauge>>): string[] {
  return Object.entries(gauges)
    .filter(([, { most, limit }]) => most > limit)
    .map(([name, { most, limit }]) => `${name}: there were ${most}, and may be ${limit}`)
}

/** By how many bytes the heap grows over the second half, by least squares. */
export function heapGrowth(readings: readonly HeapReading[]): number {
  const half = readings.slice(Math.floor(readings.length / 2))
  const [first, last] = [half[0], half.at(-1)]
  if (first === undefined || last === undefined || first === last) return 0
  return slopeOf(half.map(({ atMs, heapBytes }) => ({ x: atMs, y: heapBytes }))) * (last.atMs - first.atMs)
}

export function checkHeap(readings: readonly HeapReading[]): string[] {
  const growth = heapGrowth(readings)
  if (growth <= mostGrowthBytes) return []
  return [`the heap grew by ${Math.round(growth)} bytes over the second half, and may by ${mostGrowthBytes}`]
}
