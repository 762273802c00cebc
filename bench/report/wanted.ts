import type { Table } from './table.ts'

/** A figure hookline wants to reach, beside the one it reached. Whether that is enough is the reader's to say. */
export interface Wanted {
  readonly what: string
  readonly wanted: string
  readonly reached: string
}

export function wantedTable(figures: readonly Wanted[]): Table {
  return {
    head: ['', 'wanted', 'reached'],
    rows: figures.map(({ what, wanted, reached }) => [what, wanted, reached]),
  }
}
