import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file that holds these lines, and its removal. */
export function writeLogFile(lines: Iterable<string>): { path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-viewer-'))
  const path = join(folder, 'shop.jsonl')
  writeFileSync(path, `${[...lines].join('\n')}\n`)
  return { path, remove: () => rmSync(folder, { recursive: true }) }
}
