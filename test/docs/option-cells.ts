// Reads what a table of options says.

/** The value a cell begins with: `` `30_000` ``, `` `'fifo'` `` or `` `[]` ``; undefined when it begins with none. */
export function literalIn(cell: string): unknown {
  const [, text] = /^`([^`]*)`/.exec(cell) ?? []
  if (text === undefined) return undefined
  try {
    return JSON.parse(text.replaceAll("'", '"').replaceAll(/(?<=\d)_(?=\d)/g, ''))
  } catch {
    return undefined // an expression, such as `memoryLog()`
  }
}

/** The range a cell tells: `` whole, `1` to `100_000` ``; null when it tells none. */
export function rangeIn(cell: string): { min: number; max: number; whole: boolean } | null {
  const [, whole, min, max] = /(whole, )?`([\d_.]+)` to `([\d_.]+)`/.exec(cell) ?? []
  if (min === undefined || max === undefined) return null
  return { min: Number(min.replaceAll('_', '')), max: Number(max.replaceAll('_', '')), whole: whole !== undefined }
}
