import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StorageError } from '../../src/errors/errors.ts'
import { openLogFileForReading } from '../../src/sqlite/open-file-for-reading.ts'
import { openLogFile } from '../../src/sqlite/open-file.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'

const commits = 20

describe.each(availableDriverNames)('a -wal that a crash has left (%s)', (driver) => {
  let folder: string
  let path: string
  let wal: Buffer

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hookline-wal-'))
    path = join(folder, 'left.db')
    const used = join(folder, 'used.db')
    const file = openLogFile(used, { driver })
    for (let commit = 1; commit <= commits; commit += 1) {
      file.database.exec(`UPDATE counters SET submitted = ${commit}`)
    }
    copyFileSync(used, path)
    wal = readFileSync(`${used}-wal`)
    file.close()
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  function submittedIn(left: Buffer): number {
    writeFileSync(`${path}-wal`, left)
    const file = openLogFileForReading(path, { driver })
    try {
      return Number(file.database.prepare('SELECT submitted FROM counters').get()?.['submitted'])
    } finally {
      file.close()
    }
  }

  function flipped(at: number): Buffer {
    const bytes = Buffer.from(wal)
    bytes[at]! ^= 0x20
    return bytes
  }

  const frame = 24 + 4096
  const lastCommits = (count: number): number => wal.length - count * frame

  test('is read whole', () => {
    expect(submittedIn(wal)).toBe(commits)
  })

  test.each([
    ['in a page', () => lastCommits(10) + 24 + 2000],
    ["in a page's number", () => lastCommits(10) + 3],
    ["in a frame's salt", () => lastCommits(10) + 8],
    ["in a frame's checksum", () => lastCommits(10) + 20],
    ['in its header', () => 17],
    ['in its first bytes', () => 0],
  ])('is not taken for one that ends where a bit flipped %s, and left as it is', (_, place) => {
    const damaged = flipped(place())
    const before = readFileSync(path)
    writeFileSync(`${path}-wal`, damaged)
    for (const open of [openLogFile, openLogFileForReading]) {
      let thrown: unknown
      try {
        open(path, { driver }).close()
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(StorageError)
      expect(thrown).toMatchObject({ reason: 'damaged', recoverable: false })
      expect(String(thrown)).toContain(JSON.stringify(path))
    }
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readFileSync(`${path}-wal`).equals(damaged)).toBe(true)
  })

  test('may be cut to where the error says, to go on without what followed', () => {
    writeFileSync(`${path}-wal`, flipped(lastCommits(10) + 24))
    expect(() => openLogFile(path, { driver })).toThrow(`cut the -wal to ${lastCommits(10)} bytes`)
    expect(submittedIn(wal.subarray(0, lastCommits(10)))).toBe(commits - 10)
  })

  test('may end anywhere, and in a transaction that power loss has cut short', () => {
    for (const end of [1, 31, 32, 33, 5000]) submittedInOrNothing(wal.subarray(0, end))
    for (const missing of [1, 24, 4095, frame, frame + 100]) {
      expect(submittedIn(wal.subarray(0, wal.length - missing))).toBe(commits - Math.ceil(missing / frame))
    }
    expect(submittedIn(flipped(lastCommits(1) + 1000))).toBe(commits - 1)
  })

  function submittedInOrNothing(left: Buffer): void {
    try {
      submittedIn(left)
    } catch (error) {
      expect(error).toMatchObject({ reason: 'unknownFormat', message: expect.stringContaining('holds nothing yet') })
    }
  }
})
