// A copy of the file, made by the process that has it, while it goes on: nobody else gets past its lock.
import { existsSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StorageError } from '../errors/errors.ts'
import type { Database } from './driver/database.ts'
import { toStorageError } from './faults.ts'
import { readLogPath } from './log-path.ts'

/** So little is copied at once that nothing waits for it long: 64 pages of 4 KiB take less than a millisecond. */
const pagesAtOnce = 64
/** After so many steps, what was copied is written to the disk: the last step waits for what is left. */
const stepsPerSync = 64

/**
 * Copies a database into `target`, which must not be there. It is there when the promise resolves, whole and on the disk.
 *
 * @throws InvalidOptionError
 * @throws StorageError when it cannot be written; `target` is not there then
 */
export async function backUp(database: Database, target: string): Promise<void> {
  const path = readLogPath(target)
  const part = `${path}.part`
  for (const taken of [path, `${path}-wal`, part]) {
    if (existsSync(taken))
      throw new StorageError(`the backup ${JSON.stringify(taken)} is there already`, 'notOpened', false)
  }
  try {
    await writeCopy(database, part)
    renameSync(part, path)
    await syncFolder(dirname(path))
  } catch (error) {
    for (const ending of ['', '-journal', '-wal']) rmSync(part + ending, { force: true })
    throw toStorageError(error, path)
  }
}

async function writeCopy(database: Database, path: string): Promise<void> {
  // Secrets are in it: for nobody else to read.
  const file = await open(path, 'wx', 0o600)
  const syncing = new Syncing(file)
  try {
    if (database.backUp === undefined) database.exec(`VACUUM INTO '${path.replaceAll("'", "''")}'`)
    else await database.backUp(path, pagesAtOnce, () => syncing.step())
    await syncing.end()
  } finally {
    await syncing.idle()
    await file.close()
  }
}

/** Writes what was copied to the disk now and then, beside the copying and not in its way. */
class Syncing {
  readonly #file: FileHandle
  #steps = 0
  #running: Promise<void> | null = null
  /** The system tells of a failure only once. */
  #failure: Error | null = null

  constructor(file: FileHandle) {
    this.#file = file
  }

  step(): void {
    this.#steps += 1
    if (this.#steps < stepsPerSync || this.#running !== null) return
    this.#steps = 0
    this.#running = this.#sync()
  }

  async end(): Promise<void> {
    await this.idle()
    if (this.#failure !== null) throw this.#failure
    await this.#file.sync()
  }

  async idle(): Promise<void> {
    await this.#running
  }

  async #sync(): Promise<void> {
    try {
      await this.#file.datasync()
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error))
    }
    this.#running = null
  }
}

/** A name is in its folder. Some systems cannot open one. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null)
  if (folder === null) return
  try {
    await folder.sync()
  } catch {
    // Nor flush one.
  } finally {
    await folder.close()
  }
}
