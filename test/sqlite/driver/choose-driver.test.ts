import { describe, expect, it } from 'vitest'
import { MissingDependencyError } from '../../../src/errors/errors.ts'
import { chooseDriver } from '../../../src/sqlite/driver/choose-driver.ts'
import type { Driver, DriverName } from '../../../src/sqlite/driver/database.ts'
import { loadNodeSqlite } from '../../../src/sqlite/driver/node-sqlite.ts'

const driverNamed = (name: DriverName): Driver => ({ name, open: () => refuse('opened') })
const missing = (code?: string) => () => {
  throw Object.assign(new Error('no'), { code })
}

function refuse(what: string): never {
  throw new Error(`${what} although it is not used`)
}

describe('the driver', () => {
  it("is Node's own where it has one, and nothing else is loaded", () => {
    const load = { 'node:sqlite': () => driverNamed('node:sqlite'), 'better-sqlite3': () => refuse('loaded') }
    expect(chooseDriver(undefined, load).name).toBe('node:sqlite')
  })

  it('is better-sqlite3 where Node has none, or when asked for', () => {
    const own = { 'better-sqlite3': () => driverNamed('better-sqlite3') }
    expect(chooseDriver(undefined, { ...own, 'node:sqlite': () => null }).name).toBe('better-sqlite3')
    expect(chooseDriver('better-sqlite3', { ...own, 'node:sqlite': () => refuse('loaded') }).name).toBe(
      'better-sqlite3',
    )
  })

  it('that was asked for is not replaced by the other', () => {
    const load = { 'node:sqlite': () => null, 'better-sqlite3': () => driverNamed('better-sqlite3') }
    expect(() => chooseDriver('node:sqlite', load)).toThrow(MissingDependencyError)
  })

  it.each([
    ['MODULE_NOT_FOUND', 'it is not installed'],
    ['ERR_DLOPEN_FAILED', 'built for another Node'],
    [undefined, 'its binary was not built'],
  ])('that cannot be loaded (%s) is told of with the commands that install it', (code, reason) => {
    const choose = () => chooseDriver(undefined, { 'node:sqlite': () => null, 'better-sqlite3': missing(code) })
    expect(choose).toThrow(MissingDependencyError)
    expect(choose).toThrow(reason)
    expect(choose).toThrow('`npm install better-sqlite3`')
    expect(choose).toThrow('`npm approve-scripts better-sqlite3`')
    expect(choose).toThrow('Node 22.13 or newer, which needs nothing installed')
  })

  it('of Node is there only when its module is', () => {
    expect(loadNodeSqlite(() => undefined)).toBeNull()
    expect(loadNodeSqlite(() => ({}))).toBeNull()
  })
})
