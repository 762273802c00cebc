/**
 * Whether an event belongs to the sample. The same events do on every run and in every process, whatever else there is.
 *
 * @param share of all events, from 0 to 1
 */
export function isSampled(eventId: string, share: number): boolean {
  if (share >= 1) return true
  return hash(eventId) < share * 2 ** 32
}

/** FNV-1a, stirred once more so that ids which differ in their last letter alone are spread too; 32 bits. */
function hash(text: string): number {
  let bits = 0x811c9dc5
  for (let place = 0; place < text.length; place += 1) bits = Math.imul(bits ^ text.charCodeAt(place), 0x01000193)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
