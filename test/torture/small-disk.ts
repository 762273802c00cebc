import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const blockBytes = 4096

/** A file system of a few megabytes, which can be filled. Linux, and for root alone. */
export class SmallDisk {
  readonly folder: string
  readonly #ballast: string
  readonly #unmountAtExit = (): void => this.unmount()

  private constructor(folder: string) {
    this.folder = folder
    process.once('exit', this.#unmountAtExit)
    this.#ballast = join(folder, 'ballast')
  }

  /** Null where the system does not allow it. */
  static mount(folder: string, mebibytes: number): SmallDisk | null {
    mkdirSync(folder, { recursive: true })
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder], { stdio: 'ignore' })
    } catch {
      return null
    }
    return new SmallDisk(folder)
  }

  /** To the last byte that anyone can write. */
  fill(): void {
    const file = openSync(this.#ballast, 'a')
    try {
      for (const block = Buffer.alloc(blockBytes, 1); ;) writeSync(file, block)
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOSPC') throw error
    } finally {
      closeSync(file)
    }
  }

  free(): void {
    rmSync(this.#ballast, { force: true })
  }

  unmount(): void {
    process.off('exit', this.#unmountAtExit)
    execFileSync('umount', [this.folder], { stdio: 'ignore' })
  }
}
