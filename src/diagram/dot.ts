import type { Chart } from './chart.ts'
export function toDot(_: Chart): string {
  return ''
}
