// What must not be stored although an endpoint gave it back: which writings of it are looked for, and what takes their place.

/** What stands for a text that is not shown. */
const mark = '[redacted]'
/** Shorter ones are no secrets, and would make any text unreadable. */
const shortestHidden = 4

/** The writings in which a text may be given back: as it is, as in a JSON string, as in a URL. Longest first. */
export function writingsOf(texts: readonly string[]): readonly string[] {
  const writings = new Set<string>()
  for (const text of texts) {
    if (text.length < shortestHidden) continue
    const inJson = JSON.stringify(text).slice(1, -1)
    const inAsciiJson = inJson.replaceAll(/[^\x20-\x7e]/g, escapeUnit)
    for (const json of [inJson, inAsciiJson]) writings.add(json).add(json.replaceAll('/', '\\/'))
    writings.add(text).add(encodeURIComponent(text))
  }
  return [...writings].sort((one, other) => other.length - one.length)
}

/** `text` without any of `writings`, and without a first piece of one at its end, where a text may have been cut. */
export function hideWritings(text: string, writings: readonly string[]): string {
  let shown = text
  for (const writing of writings) if (shown.includes(writing)) shown = shown.replaceAll(writing, mark)
  for (const writing of writings) shown = hideTail(shown, writing)
  return shown
}

function hideTail(text: string, writing: string): string {
  const head = writing.slice(0, shortestHidden)
  let at = text.indexOf(head, Math.max(0, text.length - writing.length + 1))
  while (at !== -1) {
    if (writing.startsWith(text.slice(at))) return text.slice(0, at) + mark
    at = text.indexOf(head, at + 1)
  }
  return text
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
