import { StringDecoder } from 'node:string_decoder'

/**
 * The first bytes of a body as text, null when there are none: what is not UTF-8 becomes U+FFFD, and nothing is ever
 * inflated. `cut` says that the body went on: a character that the cut split is left out.
 */
export function snippetText(bytes: Buffer, cut: boolean): string | null {
  if (bytes.length === 0) return null
  return cut ? new StringDecoder('utf8').write(bytes) : bytes.toString('utf8')
}
