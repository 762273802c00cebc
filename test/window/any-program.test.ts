import { expect, test } from 'vitest'
import { createSqliteLog } from '../../src/sqlite/sqlite-log.ts'
import { openLogFile } from '../../src/sqlite/open-file.ts'
import { newLogPath } from '../sqlite/open-log.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'
import { createStoredLog, emptyDisk } from '../support/stored-log.ts'
import { expectAnyProgramToDeliver } from './any-program.ts'
import type { Disk } from './any-program.ts'

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

test.each(availableDriverNames)('the same over a file, with %s', async (driver) => {
  const newFile = (): Disk => {
    const path = newLogPath()
    return {
      open(commits) {
        const opened = openLogFile(path, { driver })
        const scheduled: (() => void)[] = []
        const schedule = (commit: () => void): void => void (commits ? setImmediate(commit) : scheduled.push(commit))
        const log = createSqliteLog(path, { driver }, { open: () => opened, schedule: (commit) => schedule(() => (dead ? undefined : commit())) })
        let dead = false
        return {
          log,
          commit: () => scheduled.splice(0).forEach((commit) => commit()),
          die() {
            dead = true
            opened.close()
          },
        }
      },
    }
  }
  await expectAnyProgramToDeliver(newFile, 10)
  expect(driver).toBeTypeOf('string')
}, 120_000)
