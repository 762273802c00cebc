import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, DatabaseError } from '../../../src/sqlite/driver/database.ts'
import { resultCodes } from '../../../src/sqlite/driver/result-codes.ts'
import { availableDrivers } from '../../support/sqlite-drivers.ts'

describe.each(availableDrivers)('the driver $name', (driver) => {
  let folder: string
  let database: Database

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hookline-driver-'))
    database = open('a.db')
    database.exec('CREATE TABLE things (number INTEGER PRIMARY KEY, text TEXT UNIQUE, bytes BLOB) STRICT')
  })

  afterEach(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })

  function open(name: string, readOnly = false): Database {
    return driver.open(join(folder, name), { readOnly })
  }

  it('gives back every kind of value as it was bound', () => {
    database.prepare('INSERT INTO things VALUES (?, ?, ?)').run(2 ** 53 - 1, 'ключ', Uint8Array.of(0, 255))
    const row = database.prepare('SELECT * FROM things').get()
    expect(row?.['number']).toBe(2 ** 53 - 1)
    expect(row?.['text']).toBe('ключ')
    expect(row?.['bytes']).toBeInstanceOf(Uint8Array)
    expect(row?.['bytes']).toHaveLength(2)
    database.prepare('UPDATE things SET text = ?').run(null)
    expect(database.prepare('SELECT text FROM things').all()).toEqual([{ text: null }])
  })

  it('returns nothing where there is no row', () => {
    expect(database.prepare('SELECT * FROM things').get()).toBeUndefined()
    expect(database.prepare('SELECT * FROM things').all()).toEqual([])
  })

  it("names SQLite's own extended result code in every error of SQLite", () => {
    const insert = database.prepare('INSERT INTO things (number, text) VALUES (?, ?)')
    insert.run(1, 'a')
    expect(resultCodeOf(() => insert.run(1, 'b'))).toBe(resultCodes.SQLITE_CONSTRAINT_PRIMARYKEY)
    expect(resultCodeOf(() => insert.run(2, 'a'))).toBe(resultCodes.SQLITE_CONSTRAINT_UNIQUE)
    expect(resultCodeOf(() => database.exec('not sql'))).toBe(resultCodes.SQLITE_ERROR)
    expect(resultCodeOf(() => database.prepare('not sql'))).toBe(resultCodes.SQLITE_ERROR)
    expect(resultCodeOf(() => open('.'))).toBe(resultCodes.SQLITE_CANTOPEN)
  })

  it('writes nothing to a database that it was to read', () => {
    const reading = open('a.db', true)
    expect(resultCodeOf(() => reading.exec('DELETE FROM things'))).toBe(resultCodes.SQLITE_READONLY)
    reading.close()
  })

  it('enforces no more of a mistake than the driver does: a closed database is no error of SQLite', () => {
    const closed = open('b.db')
    closed.close()
    expect(() => closed.exec('SELECT 1')).not.toThrow(DatabaseError)
  })
})

function resultCodeOf(act: () => unknown): number | undefined {
  try {
    act()
  } catch (error) {
    if (error instanceof DatabaseError) return error.resultCode
    throw error
  }
  return undefined
}
