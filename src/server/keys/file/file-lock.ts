import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Clock } from '../../../clock/clock.ts'
import { StorageError } from '../../../errors/errors.ts'
import type { RandomBytes } from '../../../random/random-bytes.ts'
import { systemCode } from './file-fault.ts'

// A lock is a file beside the one it guards, which exists while one process changes that one: some milliseconds, without
// giving the event loop back. It holds who made it. One whose maker is dead is taken away, under a second lock of the same kind:
// two that find it at once could take away each other's new one otherwise.

const lookAgainMs = 20
/** So long a lock of another machine or container is left, whose processes cannot be seen from here. */
const staleAfterMs = 10_000
const giveUpAfterMs = 30_000

export interface LockPorts {
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

/**
 * Calls `act` while no other process that asks for the same lock is in its own.
 *
 * @param act gets what throws when the lock was lost: to be called before anything that cannot be undone. It is not waited for
 * @throws StorageError `inUse` when others held it all the time
 */
export async function withFileLock<T>(
  path: string,
  { clock, randomBytes }: LockPorts,
  act: (stillMine: () => void) => T,
): Promise<T> {
  const token = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    token: Buffer.from(randomBytes(12)).toString('hex'),
  })
  const askedAt = clock.monotonic()
  let seen = { holder: '', at: askedAt }
  while (!tryLock(path, token)) {
    const now = clock.monotonic()
    if (now - askedAt >= giveUpAfterMs) throw inUse(path)
    const holder = readLock(path)
    if (holder !== seen.holder) seen = { holder, at: now }
    const isStale = isDead(holder) || now - seen.at >= staleAfterMs
    if (isStale && removeStale(path, holder, token)) continue
    await new Promise<void>((resolve) => void clock.setTimeout(resolve, lookAgainMs))
  }
  try {
    return act(() => {
      if (readLock(path) !== token) throw inUse(path)
    })
  } finally {
    if (readLock(path) === token) rmSync(path, { force: true })
  }
}

function tryLock(path: string, token: string): boolean {
  try {
    writeFileSync(path, token, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

/** `''` when there is none, or its maker has not written it yet. */
function readLock(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    throw error
  }
}

function isDead(holder: string): boolean {
  const { pid, host } = readHolder(holder)
  if (host !== hostname() || pid === undefined || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return systemCode(error) === 'ESRCH'
  }
}

function readHolder(holder: string): { readonly pid?: number; readonly host?: string } {
  try {
    const read: unknown = JSON.parse(holder)
    if (typeof read !== 'object' || read === null) return {}
    const { pid, host }: { pid?: unknown; host?: unknown } = read
    return { ...(Number.isInteger(pid) && { pid: Number(pid) }), ...(typeof host === 'string' && { host }) }
  } catch {
    return {}
  }
}

/** @returns whether the lock may be free now */
function removeStale(path: string, holder: string, token: string): boolean {
  const guard = `${path}.stale`
  if (!tryLock(guard, token)) {
    // Held for less than a millisecond: left behind only by a process that died just there.
    if (isDead(readLock(guard))) rmSync(guard, { force: true })
    return false
  }
  try {
    if (readLock(path) === holder) rmSync(path, { force: true })
    return true
  } finally {
    rmSync(guard, { force: true })
  }
}

function inUse(path: string): StorageError {
  const text = `the lock ${JSON.stringify(path)} is held by other processes; nothing was changed`
  return new StorageError(`${text}: try again, and remove it when no hookline is running`, 'inUse', true)
}
