import { closeSync, fchownSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Puts a new content in the place of a file's, which whoever reads sees before or after, never in between: also when the
 * process dies, or the machine. Only whoever holds the file's lock may call it.
 *
 * @param stillMine asked once all is written and only the name is to be changed; it throws to leave the file as it is
 */
export function replaceFile(path: string, content: string, stillMine: () => void): void {
  const temporary = `${path}.tmp`
  // One that was left by a process that died.
  rmSync(temporary, { force: true })
  try {
    const file = openSync(temporary, 'wx', 0o600)
    try {
      keepOwner(file, path)
      writeFileSync(file, content)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    stillMine()
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(dirname(path))
}

/**
 * What root writes for a service that runs as another user must be readable to that user, or the service would be locked out
 * of its own keys. A new file belongs to whom its folder belongs to.
 */
function keepOwner(file: number, path: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(path, { throwIfNoEntry: false }) ?? statSync(dirname(path))
  fchownSync(file, uid, gid)
}

/** Without it the new name might be gone after a loss of power. */
function syncFolder(folder: string): void {
  // Windows opens no folders, and needs none of this.
  if (process.platform === 'win32') return
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
