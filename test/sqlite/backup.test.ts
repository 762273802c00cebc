import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { InvalidOptionError, StorageError } from '../../src/errors/errors.ts'
import type { TransitionDraft } from '../../src/log/transition.ts'
import { openLogFile } from '../../src/sqlite/open-file.ts'
import { createSqliteLog } from '../../src/sqlite/sqlite-log.ts'
import { formulaRecords } from '../support/formula-log.ts'
import { freshPath, openHome, verifyPath } from '../support/sqlite-files.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'

// Of events alone; the home numbers them anew.
const drafts = Array.from(formulaRecords(6000), (record) => record as TransitionDraft)

describe.each(availableDriverNames)('a backup, with %s', (driver) => {
  test('is taken while records are appended, and holds what was there before', async () => {
    const home = openHome(freshPath(), { driver })
    for (const draft of drafts.slice(0, 3000)) home.append(draft)
    const target = freshPath('backup.db')
    let done = false
    const backup = home.backup(target).finally(() => (done = true))
    let appended = 3000
    for (; !done && appended < drafts.length; appended += 1) {
      home.append(drafts[appended]!)
      await nextTurn()
    }
    await backup
    await home.close()
    const { records, faults } = verifyPath(target)
    expect(faults).toEqual([])
    expect(records).toBeGreaterThanOrEqual(3000)
    expect(records).toBeLessThanOrEqual(appended)
    expect(readdirSync(dirname(target))).toEqual(['backup.db'])
  })

  test('is a log that goes on from there, when it is opened', async () => {
    const home = openHome(freshPath(), { driver })
    for (const draft of drafts.slice(0, 100)) home.append(draft)
    const target = freshPath('backup.db')
    await home.backup(target)
    await home.close()
    const restored = openHome(target, { driver })
    expect(restored.append(drafts[100]!).seq).toBe(101)
    await restored.close()
    expect(verifyPath(target)).toMatchObject({ records: 101, faultCount: 0 })
  })

  test.skipIf(process.platform === 'win32')('is readable for its owner alone', async () => {
    const home = openHome(freshPath(), { driver })
    const target = freshPath('backup.db')
    await home.backup(target)
    await home.close()
    expect(statSync(target).mode & 0o777).toBe(0o600)
  })

  test('is ended before the home closes', async () => {
    const home = openHome(freshPath(), { driver })
    for (const draft of drafts) home.append(draft)
    const target = freshPath('backup.db')
    await home.flush()
    const backup = home.backup(target)
    await nextTurn()
    await home.close()
    await backup
    expect(verifyPath(target)).toMatchObject({ records: drafts.length, faultCount: 0 })
    await expect(home.backup(freshPath())).rejects.toThrow(StorageError)
  })

  test('writes over nothing, and leaves nothing when it fails', async () => {
    const home = openHome(freshPath(), { driver })
    const target = freshPath('backup.db')
    writeFileSync(target, 'mine')
    await expect(home.backup(target)).rejects.toThrow(StorageError)
    await expect(home.backup(`${target}.missing/backup.db`)).rejects.toThrow(StorageError)
    await expect(home.backup('')).rejects.toThrow(InvalidOptionError)
    expect(readdirSync(dirname(target))).toEqual(['backup.db'])
    await home.close()
  })

  test('is made in one go by a driver that cannot copy some pages at a time', async () => {
    const path = freshPath()
    const open = () => {
      const file = openLogFile(path, { driver })
      return { ...file, database: { ...file.database, backUp: undefined } }
    }
    const home = createSqliteLog(path, {}, { open, schedule: queueMicrotask })
    for (const draft of drafts.slice(0, 100)) home.append(draft)
    const target = freshPath("it's a backup.db")
    await home.backup(target)
    await home.close()
    expect(verifyPath(target)).toMatchObject({ records: 100, faultCount: 0 })
    expect(existsSync(`${target}.part`)).toBe(false)
  })
})
