import { loadBetterSqlite3 } from '../../src/sqlite/driver/better-sqlite3.ts'
import type { Driver, DriverName } from '../../src/sqlite/driver/database.ts'
import { loadNodeSqlite } from '../../src/sqlite/driver/node-sqlite.ts'

/** The drivers that this Node has, at least one: what concerns a database is tested with each. */
export const availableDrivers: readonly Driver[] = [loadNodeSqlite(), betterSqlite3()].filter(
  (driver) => driver !== null,
)

if (availableDrivers.length === 0) throw new Error('this Node has no driver of SQLite: npm rebuild better-sqlite3')

/** Their names, for `describe.each` and the option `driver`. */
export const availableDriverNames: readonly DriverName[] = availableDrivers.map(({ name }) => name)

function betterSqlite3(): Driver | null {
  try {
    return loadBetterSqlite3()
  } catch {
    return null
  }
}
