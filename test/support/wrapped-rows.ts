const textWidth = 90

/** Rows of a name and a text, one under the other. A long text goes on below itself. */
export function wrappedRows(rows: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows
    .flatMap(([name, text]) =>
      wrapped(text).map((line, index) => `${(index === 0 ? name : '').padEnd(width)}   ${line}`.trimEnd()),
    )
    .join('\n')
}

/** At commas, so that a long list stays a table's cell. */
function wrapped(text: string): string[] {
  const lines = ['']
  for (const part of text.split(/(?<=, )/)) {
    const line = lines.at(-1) ?? ''
    if (line.length + part.length <= textWidth) lines[lines.length - 1] = line + part
    else lines.push(part)
  }
  return lines
}
