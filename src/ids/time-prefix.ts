// The letters of ids, in the order in which they sort as text.
const letters = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'

/** Of 8 letters: enough until the year 10889. */
const length = 8

/** A time, in milliseconds since 1970, as a text of 8 letters that sorts as the times do. */
export function timePrefix(atMs: number): string {
  let rest = Math.max(0, Math.floor(atMs))
  let text = ''
  for (let position = 0; position < length; position += 1) {
    text = letters.charAt(rest % letters.length) + text
    rest = Math.floor(rest / letters.length)
  }
  return text
}
