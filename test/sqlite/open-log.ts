// Logs in files of their own, committed when the test says so.
import { onTestFinished } from 'vitest'
import type { DriverName } from '../../src/sqlite/driver/database.ts'
import type { SqliteHome } from '../../src/sqlite/sqlite-home.ts'
import { createSqliteLog } from '../../src/sqlite/sqlite-log.ts'
import type { SqliteLogOptions, SqliteLogPorts } from '../../src/sqlite/sqlite-log.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import type { VirtualClock } from '../../src/testing/virtual-clock.ts'
import { freshPath } from '../support/sqlite-files.ts'

export interface HeldLog {
  readonly log: SqliteHome
  readonly clock: VirtualClock
  readonly path: string
  /** Commits what was appended, if anything asked for it. */
  readonly commit: () => Promise<void>
  /** Goes one turn of the event loop, in which a commit may be made. Returns whether any was waited for. */
  readonly turn: () => boolean
}

/** A log that commits only when it is told to. */
export function openLog(
  driver: DriverName,
  path = freshPath(),
  ports: Partial<SqliteLogPorts> = {},
  options: SqliteLogOptions = {},
): HeldLog {
  const clock = createVirtualClock()
  const scheduled: (() => void)[] = []
  const schedule = (commit: () => void): void => void scheduled.push(commit)
  const log = createSqliteLog(path, { driver, ...options }, { schedule, clock, ...ports })
  const turn = (): boolean => {
    const act = scheduled.shift()
    act?.()
    return act !== undefined
  }
  const commit = async (): Promise<void> => {
    while (turn()) await clock.advance(0)
  }
  onTestFinished(async () => {
    const closed = log.close().catch(() => undefined)
    await commit()
    await closed
  })
  return { log, clock, path, commit, turn }
}
