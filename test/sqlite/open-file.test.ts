import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InvalidOptionError, MissingDependencyError, StorageError } from '../../src/errors/errors.ts'
import { type Database, DatabaseError, type Driver } from '../../src/sqlite/driver/database.ts'
import { resultCodes } from '../../src/sqlite/driver/result-codes.ts'
import { applicationId } from '../../src/sqlite/file-header.ts'
import { latestVersion } from '../../src/sqlite/migrations.ts'
import { openLogFile } from '../../src/sqlite/open-file.ts'
import { openLogFileForReading } from '../../src/sqlite/open-file-for-reading.ts'
import { readPragma } from '../../src/sqlite/pragmas.ts'
import { availableDrivers } from '../support/sqlite-drivers.ts'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-file-'))
  path = join(folder, 'hooks.db')
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe.each(availableDrivers)('a log file, with $name', (driver) => {
  const options = { driver: driver.name, busyTimeoutMs: 0 }
  const open = (at = path) => openLogFile(at, options)
  const read = (at = path) => openLogFileForReading(at, options)

  it('is made for its owner alone, and keeps what was committed', () => {
    const file = open()
    file.database.exec(`UPDATE counters SET submitted = 7`)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600)
    file.close()
    expect(readdirSync(folder)).toEqual(['hooks.db'])
    const again = open()
    expect(submitted(again.database)).toBe(7)
    again.close()
  })

  it('is written so that a commit is on the disk, by one process, within bounds', () => {
    const file = open()
    const value = (name: string) => readPragma(file.database, name)
    expect({
      journal: value('journal_mode'),
      synchronous: value('synchronous'),
      locking: value('locking_mode'),
      foreignKeys: value('foreign_keys'),
      vacuum: value('auto_vacuum'),
      busyMs: value('busy_timeout'),
      cacheKiB: value('cache_size'),
      mapped: value('mmap_size'),
      application: value('application_id'),
      version: value('user_version'),
    }).toEqual({
      journal: 'wal',
      synchronous: 2,
      locking: 'exclusive',
      foreignKeys: 1,
      vacuum: 2,
      busyMs: 5000,
      cacheKiB: -16384,
      mapped: 0,
      application: applicationId,
      version: latestVersion,
    })
    file.close()
  })

  it('is not opened when a setting is not taken', () => {
    const deaf: Driver = { ...driver, open: (at, how) => without(driver.open(at, how), 'synchronous = FULL') }
    const opening = () => openLogFile(path, { loadDriver: () => deaf })
    const error = storageError(() => opening())
    // node:sqlite and better-sqlite3 may start out with another value, never with this one by themselves
    expect(error.reason).toBe('notOpened')
    expect(error.message).toContain('PRAGMA synchronous is 1 and must be 2')
    open().close()
  })

  it('is not opened by a SQLite that is too old', () => {
    const old: Driver = {
      ...driver,
      open: (at, how) => answering(driver.open(at, how), 'SELECT sqlite_version() AS version', { version: '3.36.9' }),
    }
    expect(() => openLogFile(path, { loadDriver: () => old })).toThrow(MissingDependencyError)
  })

  it('is refused to a second opening in the same process, also by another name', () => {
    const file = open()
    const link = join(folder, 'link.db')
    symlinkSync(path, link)
    for (const name of [path, link]) {
      expect(storageError(() => open(name)).reason).toBe('inUse')
      expect(storageError(() => read(name)).reason).toBe('inUse')
    }
    file.close()
    open(link).close()
  })

  it('is refused while another thread of the process has it: its lock would go with the handle that looked at it', () => {
    open().close()
    const ofAnotherThread = openSync(path, 'r')
    try {
      expect(storageError(() => open()).reason).toBe('inUse')
      expect(storageError(() => read()).reason).toBe('inUse')
    } finally {
      closeSync(ofAnotherThread)
    }
    open().close()
  })

  it('is refused while another process has it, and free once that was killed, with all that it committed', async () => {
    const holder = await hold(path, driver.name)
    try {
      const error = storageError(() => open())
      expect(error).toMatchObject({ reason: 'inUse', recoverable: true })
      expect(error.message).toContain(JSON.stringify(path))
      expect(error.message).toContain('stop the other')
      expect(storageError(() => read()).reason).toBe('inUse')
    } finally {
      await end(holder, 'SIGKILL')
    }
    const before = contentsOf(folder)
    expect(before['hooks.db-wal']?.length).toBeGreaterThan(0)

    const reading = read()
    expect(submitted(reading.database)).toBe(7)
    expect(() => reading.database.exec('DELETE FROM counters')).toThrow(DatabaseError)
    reading.close()
    expect(contentsOf(folder)).toEqual(before)

    const file = open()
    expect(submitted(file.database)).toBe(7)
    file.close()
  })

  it('is waited for while the process that has it ends', async () => {
    const first = await hold(path, driver.name)
    const second = hold(path, driver.name, 5000)
    first.stdin?.end()
    await expect(second).resolves.toBeDefined()
    await end(await second, 'SIGKILL')
  })

  it('is opened by exactly one of several processes that start at once, also when it has yet to be made', async () => {
    for (let round = 0; round < 2; round += 1) {
      const outcomes = await Promise.allSettled([1, 2, 3].map(() => hold(path, driver.name)))
      const opened = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      expect(opened).toHaveLength(1)
      await end(opened[0]!, 'SIGKILL')
    }
  }, 30_000)

  it('stays locked for other processes whatever was refused meanwhile in this one', async () => {
    const file = open()
    expect(storageError(() => open()).reason).toBe('inUse')
    expect(storageError(() => read()).reason).toBe('inUse')
    file.checkIdentity()
    await expect(hold(path, driver.name)).rejects.toThrow('inUse')
    file.close()
  }, 20_000)

  it('is refused, byte for byte as it was, when it is no database or another application’s', () => {
    writeFileSync(join(folder, 'text.db'), 'a text, and not a short one: '.repeat(10))
    writeFileSync(join(folder, 'short.db'), 'SQLite format 3\0')
    leaveOther(join(folder, 'other.db'))
    const before = contentsOf(folder)
    for (const name of ['text.db', 'short.db', 'other.db']) {
      for (const act of [open, read]) {
        const error = storageError(() => act(join(folder, name)))
        expect(error).toMatchObject({ reason: 'unknownFormat', recoverable: false })
        expect(error.message).toContain(name)
      }
      expect(contentsOf(folder)).toEqual(before)
    }
  })

  /** As another application leaves its database when it is killed. */
  function leaveOther(at: string): void {
    const used = `${at}-used`
    const other = driver.open(used, { readOnly: false })
    other.exec('PRAGMA journal_mode = WAL; CREATE TABLE things (a)')
    for (const ending of ['', '-wal']) copyFileSync(used + ending, at + ending)
    other.close()
  }

  it('is made anew where power was lost as its first page was written, whatever the disk shows of that', () => {
    // SQLite's own journal of a transaction that begins with an empty file, as it is once it was synced.
    const journal = Buffer.alloc(512)
    journal.write('d9d505f920a163d700000000a1b2c3d4000000000000020000001000', 'hex')
    for (const page of [Buffer.alloc(4096), Buffer.alloc(4096, 0xa5), Buffer.alloc(100)]) {
      writeFileSync(path, page)
      writeFileSync(`${path}-journal`, journal)
      expect(storageError(() => read()).message).toContain('it holds nothing yet')
      open().close()
      expect(readdirSync(folder)).toEqual(['hooks.db'])
      read().close()
    }
  })

  it('is refused where the journal beside it is of a file that held something, or is none', () => {
    const journals = ['d9d505f920a163d700000000a1b2c3d4000000010000020000001000', 'd9d505f920a163d7', '00'.repeat(28)]
    for (const journal of journals) {
      writeFileSync(path, Buffer.alloc(4096))
      writeFileSync(`${path}-journal`, Buffer.from(journal, 'hex'))
      const before = contentsOf(folder)
      for (const act of [open, read]) expect(storageError(() => act()).message).toContain('it is no SQLite database')
      expect(contentsOf(folder)).toEqual(before)
    }
  })

  it('is refused when a newer hookline wrote it, which names both versions', () => {
    const file = open()
    file.database.exec('PRAGMA user_version = 99')
    file.close()
    const before = contentsOf(folder)
    for (const act of [open, read]) {
      const error = storageError(() => act())
      expect(error.reason).toBe('unknownFormat')
      expect(error.message).toContain(`version 99, and this hookline knows versions up to ${latestVersion}`)
    }
    expect(contentsOf(folder)).toEqual(before)
  })

  it('is made of an empty file, and of one whose making was interrupted at any statement', () => {
    writeFileSync(path, '')
    expect(storageError(() => read()).reason).toBe('unknownFormat')
    open().close()
    let statements = Infinity
    for (let stopAt = 1; stopAt < statements; stopAt += 1) {
      rmSync(path)
      let count = 0
      const failing: Driver = {
        ...driver,
        open: (at, how) =>
          watching(driver.open(at, how), () => {
            count += 1
            if (count === stopAt) throw new DatabaseError('disk full', resultCodes.SQLITE_FULL, undefined)
          }),
      }
      try {
        openLogFile(path, { loadDriver: () => failing }).close()
        statements = count
      } catch (error) {
        expect(error).toMatchObject({ reason: 'full', recoverable: true })
      }
      const file = open()
      expect(submitted(file.database)).toBe(0)
      expect(readPragma(file.database, 'user_version')).toBe(latestVersion)
      file.close()
    }
    expect(statements).toBeGreaterThan(10)
  })

  it('says that it was replaced or removed, and so for its -wal', () => {
    const file = open()
    file.checkIdentity()
    for (const name of [path, `${path}-wal`]) {
      renameSync(name, `${name}.away`)
      const removed = storageError(file.checkIdentity)
      expect(removed.reason).toBe('replaced')
      expect(removed.message).toContain(`${JSON.stringify(name)} was removed`)
      writeFileSync(name, 'another')
      expect(storageError(file.checkIdentity).message).toContain('was replaced')
      renameSync(`${name}.away`, name)
      file.checkIdentity()
    }
    file.close()
  })

  it('is refused where it cannot be', () => {
    mkdirSync(join(folder, 'folder.db'))
    expect(storageError(() => open(join(folder, 'folder.db'))).reason).toBe('notOpened')
    const missing = storageError(() => open(join(folder, 'none', 'hooks.db')))
    expect(missing.reason).toBe('notOpened')
    expect(missing.message).toContain('there is no folder')
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling.db'))
    expect(storageError(() => open(join(folder, 'dangling.db'))).reason).toBe('notOpened')
    expect(storageError(() => read(join(folder, 'none.db'))).reason).toBe('notOpened')
    expect(storageError(() => read(join(folder, 'folder.db'))).reason).toBe('unknownFormat')
    expect(existsSync(join(folder, 'none.db'))).toBe(false)
  })

  it.each(['', ':memory:', 'file:hooks.db', 'hooks.db ', 'hooks\0.db', 7])('refuses the path %j', (given) => {
    // A cast because JavaScript callers pass anything.
    expect(() => open(given as string)).toThrow(InvalidOptionError)
  })
})

function submitted(database: Database): unknown {
  return database.prepare('SELECT submitted FROM counters').get()?.['submitted']
}

function contentsOf(of: string): Record<string, string> {
  return Object.fromEntries(readdirSync(of).map((name) => [name, readFileSync(join(of, name), 'latin1')]))
}

function storageError(act: () => unknown): StorageError {
  try {
    act()
  } catch (error) {
    if (error instanceof StorageError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

function watching(database: Database, watch: (sql: string) => void): Database {
  return {
    ...database,
    exec: (sql) => {
      watch(sql)
      database.exec(sql)
    },
  }
}

function without(database: Database, setting: string): Database {
  database.exec('PRAGMA synchronous = NORMAL')
  return {
    ...database,
    exec: (sql) => {
      if (!sql.includes(setting)) database.exec(sql)
    },
  }
}

function answering(database: Database, asked: string, row: Record<string, string>): Database {
  return {
    ...database,
    prepare: (sql) =>
      sql === asked ? { run: () => undefined, get: () => row, all: () => [row] } : database.prepare(sql),
  }
}

async function hold(file: string, driver: string, timeoutMs = 300): Promise<ChildProcess> {
  const program = join(import.meta.dirname, 'programs', 'hold-log-file.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', program, file, driver, String(timeoutMs)], {
    stdio: 'pipe',
  })
  let said = ''
  child.stderr.on('data', (chunk) => (said += String(chunk)))
  const outcome = await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
  if (String(outcome[0]) !== 'open\n') throw new Error(said)
  return child
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const closed = once(child, 'close')
  child.kill(signal)
  await closed
}
