import type { Spread } from '../measure/statistics.ts'

const wholeFormat = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

export function whole(value: number): string {
  return wholeFormat.format(value)
}

/** `0.36 (0.34–0.39)` */
export function ratio({ median, min, max }: Spread): string {
  return `${digits(median)} (${digits(min)}–${digits(max)})`
}

/** `62.1 (60.5–70.2)` */
export function micros({ median, min, max }: Spread): string {
  return `${median.toFixed(1)} (${min.toFixed(1)}–${max.toFixed(1)})`
}

/** `3.21 (3.05–3.90)` */
export function millis({ median, min, max }: Spread): string {
  return `${digits(median)} (${digits(min)}–${digits(max)})`
}

export function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1)
}

function digits(value: number): string {
  return value.toFixed(2)
}
