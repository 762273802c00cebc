const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu

/** A value as JSON for people and programs. What a terminal would obey is escaped, wherever it comes from. */
export function jsonText(value: unknown): string {
  // JSON.stringify has escaped the line ends within texts; those that are left are its own.
  return JSON.stringify(value, null, 2).replace(unprintable, (character) =>
    character === '\n' ? character : escapeUnits(character),
  )
}

/** The same on one line. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(unprintable, escapeUnits)
}

function escapeUnits(character: string): string {
  let escaped = ''
  for (let index = 0; index < character.length; index += 1) {
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
  }
  return escaped
}
