import { test } from 'vitest'
import { openLogFile } from '../../src/sqlite/open-file.ts'
import { createSqliteLog } from '../../src/sqlite/sqlite-log.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'
import { freshPath } from '../support/sqlite-files.ts'
import { createStoredLog, emptyDisk } from '../support/stored-log.ts'
import { expectAnyProgramToDeliver } from './any-program.ts'
import type { Disk, Home } from './any-program.ts'

function newReference(): Disk {
  const disk = emptyDisk()
  return {
    open(commits) {
      const log = createStoredLog(disk, commits ? setImmediate : undefined)
      return { log, commit: () => log.commit(), die: () => log.die() }
    },
  }
}

test('any program over the reference home is delivered in order, whatever is committed when the process dies', async () => {
  await expectAnyProgramToDeliver(newReference, 60)
}, 120_000)

test.each(availableDriverNames)(
  'the same over a file, with %s',
  async (driver) => {
    const newFile = (): Disk => {
      const path = freshPath()
      return { open: (commits) => openHome(path, driver, commits) }
    }
    await expectAnyProgramToDeliver(newFile, 10)
  },
  120_000,
)

function openHome(path: string, driver: (typeof availableDriverNames)[number], commits: boolean): Home {
  const file = openLogFile(path, { driver })
  const scheduled: (() => void)[] = []
  let dead = false
  const schedule = (commit: () => void): void => {
    const act = (): void => {
      if (!dead) commit()
    }
    if (commits) setImmediate(act)
    else scheduled.push(act)
  }
  return {
    log: createSqliteLog(path, { driver }, { open: () => file, schedule }),
    commit: () => scheduled.splice(0).forEach((act) => act()),
    die() {
      dead = true
      file.close()
    },
  }
}
