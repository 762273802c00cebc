import type { Chart } from './chart.ts'
export function toAscii(_: Chart): string {
  return ''
}
