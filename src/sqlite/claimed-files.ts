import { readdirSync } from 'node:fs'
import { type FileIdentity, identifyFile, isSameFile } from './file-identity.ts'

/** By this every copy of this module in a process, of either module system, finds the same list. */
const key = Symbol.for('hookline.sqlite.claimed-files')

/**
 * Notes that this process has a file open. Locks on files hold only between processes: a second opening in the same one
 * would be let in by the other driver, and even a mere read would give up the first one's lock as it closes the file.
 *
 * @returns what lets go of it; undefined when it is claimed already
 */
export function claimFile(identity: FileIdentity): (() => void) | undefined {
  if (isClaimed(identity)) return undefined
  const files = claimedFiles()
  files.add(identity)
  return () => files.delete(identity)
}

export function isClaimed(identity: FileIdentity): boolean {
  return [...claimedFiles()].some((claimed) => isSameFile(claimed, identity)) || isOpen(identity)
}

/** Whether the process has it open: another of its threads, whose list is not to be seen here. */
function isOpen(identity: FileIdentity): boolean {
  // Where there is no such folder, a lock is its handle's and not its process's.
  const folder = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd'
  return namesIn(folder).some((name) => {
    try {
      const open = identifyFile(`${folder}/${name}`)
      return open !== undefined && isSameFile(open, identity)
    } catch {
      return false // closed meanwhile, or no file
    }
  })
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function claimedFiles(): Set<FileIdentity> {
  // A cast because the global object declares no such property; nobody else uses this symbol.
  const holder = globalThis as { [key]?: Set<FileIdentity> }
  holder[key] ??= new Set()
  return holder[key]
}
