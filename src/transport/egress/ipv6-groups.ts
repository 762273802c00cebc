/** The eight 16-bit groups of a v6 address, however it is spelled. The caller has made sure that it is one, without zone. */
export function ipv6Groups(address: string): readonly number[] {
  // The URL parser writes every spelling, dotted tails included, as hexadecimal groups with at most one `::`.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail] = canonical.split('::')
  const before = parseGroups(head)
  if (tail === undefined) return before
  const after = parseGroups(tail)
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

/** The v4 address that two groups hold: `0x7f00`, `1` is `127.0.0.1`. */
export function ipv4Of(high: number, low: number): string {
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}

function parseGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
