import { appendFile, closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'

const append = promisify(appendFile)

/** What can be read only once, as a file that can be read anywhere, in the system's folder for what is temporary. */
export interface SpooledInput {
  /** Its descriptor. */
  readonly file: number
  /** Nothing is left of it. */
  close(): void
}

/** Copies all there is to read. */
export async function spoolInput(input: Readable): Promise<SpooledInput> {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-'))
  // Payloads are in it: for nobody else to read.
  const file = openSync(join(folder, 'log.jsonl'), 'wx+', 0o600)
  // Open and without a name, it goes with the process, however that ends.
  removeFolder(folder)
  const close = (): void => {
    closeSync(file)
    removeFolder(folder)
  }
  try {
    for await (const piece of input as AsyncIterable<Buffer>) await append(file, piece) // it has no encoding
    return { file, close }
  } catch (error) {
    close()
    throw error
  }
}

/** Some systems keep the name of a file that is open. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // It is tried again when the file is closed.
  }
}
