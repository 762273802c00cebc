// What must not be stored although an endpoint gave it back: which writings of it are looked for.

/** Shorter ones are no secrets, and would make any text unreadable. */
export const shortestHidden = 4

/** The writings in which a text may be given back: as it is, as in a JSON string, as in a URL. */
export function writingsOf(texts: readonly string[]): readonly string[] {
  const writings = new Set<string>()
  for (const text of texts) {
    if (text.length < shortestHidden) continue
    const inJson = JSON.stringify(text).slice(1, -1)
    const inAsciiJson = inJson.replaceAll(/[^\x20-\x7e]/g, escapeUnit)
    for (const json of [inJson, inAsciiJson]) writings.add(json).add(json.replaceAll('/', '\\/'))
    writings.add(text).add(encodeURIComponent(text))
  }
  return [...writings]
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
