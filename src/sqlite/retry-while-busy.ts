import { DatabaseError } from './driver/database.ts'
import { resultCodes } from './driver/result-codes.ts'

/** Processes that start at the same time wait for different times, so that they do not get in each other's way again. */
const pauseMs = 20 + (process.pid % 30)

/**
 * Does `act` again until it is not refused as busy, and as long as `timeoutMs`. The thread stands still meanwhile.
 *
 * SQLite's own busy timeout does not do: with exclusive locking a process that waits keeps its share of the lock, and two that
 * open a file at the same time wait for each other until both give up. Whoever waits here has let go of the file.
 */
export function retryWhileBusy<T>(act: () => T, timeoutMs: number): T {
  const never = new Int32Array(new SharedArrayBuffer(4))
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      return act()
    } catch (error) {
      if (!isBusy(error) || waitedMs >= timeoutMs) throw error
    }
    Atomics.wait(never, 0, 0, pauseMs)
  }
}

export function isBusy(error: unknown): boolean {
  return error instanceof DatabaseError && (error.resultCode & 0xff) === resultCodes.SQLITE_BUSY
}
