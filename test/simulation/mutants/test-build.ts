import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mutant } from './mutants.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The sources in a folder of their own, where a mutant may have them. Nothing else reads it. */
export class TestBuild {
  readonly folder = mkdtempSync(join(tmpdir(), 'hookline-mutant-'))

  /** @param mutant null: the sources as they are. @throws Error when a patch does not apply exactly once */
  constructor(mutant: Mutant | null) {
    for (const part of ['src', 'machines', 'test/simulation', 'test/support'])
      cpSync(join(root, part), join(this.folder, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'))
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }\n')
    for (const { file, find, put } of mutant?.patches ?? []) this.#patch(file, find, put)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #patch(file: string, find: string, put: string): void {
    const path = join(this.folder, file)
    const parts = readFileSync(path, 'utf8').split(find)
    if (parts.length !== 2) {
      this.remove()
      throw new Error(`${file} has ${parts.length - 1} times what is to be patched, not once: ${find.trim()}`)
    }
    writeFileSync(path, parts.join(put))
  }
}
