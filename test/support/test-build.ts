import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A line or two of a file changed. */
export interface Patch {
  /** From the root. */
  readonly file: string
  /** Has to be there exactly once. */
  readonly find: string
  readonly put: string
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Parts of the repository in a folder of their own, where promises may be switched off. Nothing else reads it. */
export class TestBuild {
  readonly folder = mkdtempSync(join(tmpdir(), 'hookline-mutant-'))

  /** @param parts files and folders, from the root */
  constructor(parts: readonly string[]) {
    for (const part of parts) cpSync(join(root, part), join(this.folder, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'))
  }

  /** Returns a function that puts everything back. @throws Error when a patch does not apply exactly once; then nothing is changed */
  apply(patches: readonly Patch[]): () => void {
    const before = new Map(patches.map(({ file }) => [file, readFileSync(join(this.folder, file), 'utf8')]))
    const after = new Map(before)
    for (const { file, find, put } of patches) {
      const parts = (after.get(file) ?? '').split(find)
      if (parts.length !== 2) {
        throw new Error(`${file} has ${parts.length - 1} times what is to be patched, not once: ${find.trim()}`)
      }
      after.set(file, parts.join(put))
    }
    this.#write(after)
    return () => this.#write(before)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #write(texts: ReadonlyMap<string, string>): void {
    for (const [file, text] of texts) writeFileSync(join(this.folder, file), text)
  }
}
