/** The bytes of canonical base64 (RFC 4648 section 4, padded), or null. Node's own decoder skips what it cannot read. */
export function decodeStrictBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}
