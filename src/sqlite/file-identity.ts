import { type BigIntStats, statSync } from 'node:fs'
import { StorageError } from '../errors/errors.ts'

/** Which file a path led to. A file's name can lead to another, and SQLite goes on writing to the one it opened. */
export interface FileIdentity {
  readonly device: bigint
  readonly inode: bigint
}

/** Undefined when there is nothing at `path`. Never opens it: see {@link checkFileHeader}. */
export function identifyFile(path: string): FileIdentity | undefined {
  const found: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? undefined : { device: found.dev, inode: found.ino }
}

export const isSameFile = (one: FileIdentity, other: FileIdentity): boolean =>
  one.inode === other.inode && one.device === other.device

/**
 * What sees that the paths still lead to the files they lead to now. A check costs some microseconds: it can be made for
 * every commit, before anyone is told of it.
 *
 * @returns a function that throws StorageError `replaced`
 */
export function guardIdentity(paths: readonly string[]): () => void {
  const known = paths.map((path) => ({ path, identity: present(path) }))
  return () => {
    for (const { path, identity } of known) {
      if (!isSameFile(present(path), identity)) throw replaced(path, 'replaced')
    }
  }
}

function present(path: string): FileIdentity {
  const identity = identifyFile(path)
  if (identity === undefined) throw replaced(path, 'removed')
  return identity
}

function replaced(path: string, how: string): StorageError {
  const text = `the file ${JSON.stringify(path)} was ${how} while the log was open; what is written now would be lost`
  return new StorageError(`${text}: put the file back, and start again`, 'replaced', false)
}
