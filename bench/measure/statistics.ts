/** What several rounds gave. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** @param values at least one */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2
  return { median, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN }
}

/** @param share 0.99 for the 99th percentile, by nearest rank */
export function percentileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

/** The ratio of two series, round by round: both halves of each ratio were measured under the same load of the machine. */
export function ratioOf(numerators: readonly number[], denominators: readonly number[]): Spread {
  return spreadOf(numerators.map((numerator, round) => numerator / (denominators[round] ?? NaN)))
}

/** The ratio of the medians of two series, for figures that one stall of the machine makes; its spread is that of the quartiles. */
export function ratioOfMedians(numerators: readonly number[], denominators: readonly number[]): Spread {
  return {
    median: spreadOf(numerators).median / spreadOf(denominators).median,
    min: percentileOf(numerators, 0.25) / percentileOf(denominators, 0.75),
    max: percentileOf(numerators, 0.75) / percentileOf(denominators, 0.25),
  }
}

/** How steeply `y` rises with `x`, by least squares. */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): number {
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length
  const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0)
  const variance = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  return covariance / variance
}
