// A file that is there whole, on the disk and with its checksum beside it, or not at all.
import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { CallError } from '../call-error.ts'
import { sealPath, sealText } from '../logs/seal.ts'

export class SealedFile {
  readonly #path: string
  readonly #part: string
  readonly #file: number
  readonly #hash = createHash('sha256')
  #isOpen = true

  private constructor(path: string, part: string, file: number) {
    this.#path = path
    this.#part = part
    this.#file = file
  }

  /** @throws CallError when something stands there already */
  static begin(path: string): SealedFile {
    const part = `${path}.part`
    const taken = [path, sealPath(path), part].find((one) => existsSync(one))
    if (taken !== undefined) {
      throw new CallError(`--output: ${JSON.stringify(taken)} is there already; remove it, or name another file`)
    }
    // Payloads are in it: for nobody else to read.
    return new SealedFile(path, part, openSync(part, 'wx', 0o600))
  }

  write(text: string): void {
    const bytes = Buffer.from(text)
    this.#hash.update(bytes)
    for (let written = 0; written < bytes.length;) written += writeSync(this.#file, bytes, written)
  }

  /** Returns its SHA-256, in hexadecimal digits. The seal is there before what it seals. */
  seal(): string {
    const sha256 = this.#hash.digest('hex')
    writeDurably(sealPath(this.#path), sealText(this.#path, sha256))
    fsyncSync(this.#file)
    this.#close()
    renameSync(this.#part, this.#path)
    syncFolder(dirname(this.#path))
    return sha256
  }

  /** Leaves nothing of a file that was begun and not sealed. */
  abandonUnlessSealed(): void {
    if (!this.#isOpen) return
    this.#close()
    rmSync(this.#part, { force: true })
    rmSync(sealPath(this.#path), { force: true })
  }

  #close(): void {
    this.#isOpen = false
    closeSync(this.#file)
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The names are in the folder, and on some systems a folder cannot be opened. */
function syncFolder(path: string): void {
  let folder: number
  try {
    folder = openSync(path, 'r')
  } catch {
    return
  }
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
