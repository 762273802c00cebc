/** `; did you mean "timeoutMs"?`, when one of the names is near enough to be what was meant; else the names, when they are few. */
export function suggestion(typed: string, names: readonly string[]): string {
  let nearest: string | null = null
  let fewest = Math.max(2, Math.floor(typed.length / 3)) + 1
  for (const name of names) {
    const edits = editDistance(typed.toLowerCase(), name.toLowerCase())
    if (edits < fewest) {
      nearest = name
      fewest = edits
    }
  }
  if (nearest !== null) return `; did you mean ${nearest}?`
  return names.length <= 20 ? `; valid are ${names.join(', ')}` : ''
}

/** How many letters must be put in, taken out, or changed (Levenshtein). */
function editDistance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const changed = (above[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1)
      current.push(Math.min(changed, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    above = current
  }
  return above[other.length] ?? 0
}
