import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Standard input as a file that can be read anywhere, in the system's folder for what is temporary. */
export interface SpooledInput {
  readonly path: string
  remove(): void
}

/** Copies all there is to read. */
export async function spoolInput(input: Readable): Promise<SpooledInput> {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const path = join(folder, 'log.jsonl')
  try {
    // Payloads are in it: for nobody else to read.
    await pipeline(input, createWriteStream(path, { mode: 0o600 }))
    return { path, remove }
  } catch (error) {
    remove()
    throw error
  }
}
