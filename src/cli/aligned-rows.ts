import { printableText } from './printable-text.ts'

/**
 * Rows of texts as lines, each column as wide as its widest text. Texts of a log are made printable.
 *
 * @param figuresFrom the first column that stands to the right, as figures do
 */
export function alignedRows(rows: readonly (readonly string[])[], figuresFrom = Infinity): string[] {
  const widths: number[] = []
  const printable = rows.map((row) => row.map(printableText))
  for (const row of printable) {
    for (const [column, text] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, text.length)
  }
  return printable.map((row) =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0
        return column < figuresFrom ? text.padEnd(width) : text.padStart(width)
      })
      .join('  ')
      .trimEnd(),
  )
}
