import type { LogHome } from '../../../src/index.ts'
import { chooseDriver } from '../../../src/sqlite/driver/choose-driver.ts'
import type { Database } from '../../../src/sqlite/driver/database.ts'
import type { SecretKey } from '../../../src/sealing/secret-keys.ts'
import { openLogFile } from '../../../src/sqlite/open-file.ts'
import { createSqliteLog } from '../../../src/sqlite/sqlite-log.ts'
import type { KillSwitch } from './kill-switch.ts'
import type { LifeOrder } from './message.ts'
import { watchDriver } from './watched-driver.ts'

export interface OpenedLog {
  readonly log: LogHome
  /** Keeps the file from growing, as a full disk does, or lets it grow again. */
  capPages(capped: boolean): void
}

/** Few, so that SQLite checkpoints within commits of every life; hookline's own number is checked as the file is opened. */
const checkpointPages = 50
const allPages = 1_073_741_823
/** What a mutant leaves between what it does too early and the commit. */
const lateCommitMs = 10

/** Of which each life seals with another one. */
const keys = Array.from({ length: 3 }, (_, index) => ({ id: `key-${index}`, key: String(index).repeat(64) }))

/** The SQLite home on a real file, over a driver that is watched. */
export function openLog({ path, driver, mutant, sealedBy }: LifeOrder, kill: KillSwitch): OpenedLog {
  const opened: Database[] = []
  const log = createSqliteLog(
    path,
    { driver: driver ?? undefined, secretKeys: keysOf(sealedBy) },
    {
      open: (file, name) =>
        openLogFile(file, {
          driver: name,
          loadDriver: (wanted) => watchDriver(chooseDriver(wanted), kill, (database) => opened.push(database)),
        }),
      ...(isLate(mutant) ? { schedule: (commit: () => void) => void setTimeout(commit, lateCommitMs) } : {}),
    },
  )
  const database = opened[0]!
  database.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`)
  if (mutant === 'does not sync') database.exec('PRAGMA synchronous = OFF')
  if (mutant === 'syncs at checkpoints alone') database.exec('PRAGMA synchronous = NORMAL')
  return {
    log,
    capPages: (capped) => {
      // SQLite makes of 1 what the file has now.
      database.exec(`PRAGMA max_page_count = ${capped ? 1 : allPages}`)
    },
  }
}

function isLate(mutant: LifeOrder['mutant']): boolean {
  return mutant === 'acknowledges before flush' || mutant === 'sends before the start is committed'
}

function keysOf(sealedBy: number | null): readonly SecretKey[] | undefined {
  if (sealedBy === null) return undefined
  const first = sealedBy % keys.length
  return [...keys.slice(first), ...keys.slice(0, first)]
}
