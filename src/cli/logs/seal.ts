// The checksum of a whole file in a file beside it, as `sha256sum` writes and checks it.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** Whether a file is what was sealed; `none` where nobody sealed it. */
export type SealState = 'none' | 'intact' | 'broken'

export function sealPath(path: string): string {
  return `${path}.sha256`
}

export function sealText(path: string, sha256: string): string {
  return `${sha256}  ${basename(path)}\n`
}

export async function checkSeal(path: string): Promise<SealState> {
  if (path === '-' || !existsSync(sealPath(path))) return 'none'
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk) // it has no encoding
  return readFileSync(sealPath(path), 'utf8') === sealText(path, hash.digest('hex')) ? 'intact' : 'broken'
}
