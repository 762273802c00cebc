import { MissingDependencyError } from '../../errors/errors.ts'
import { loadBetterSqlite3 } from './better-sqlite3.ts'
import type { Driver, DriverName } from './database.ts'
import { loadNodeSqlite } from './node-sqlite.ts'

/** How the drivers are loaded. */
export interface DriverLoaders {
  readonly 'node:sqlite': () => Driver | null
  readonly 'better-sqlite3': () => Driver
}

const loaders: DriverLoaders = { 'node:sqlite': loadNodeSqlite, 'better-sqlite3': loadBetterSqlite3 }

/**
 * Loads a driver; only the one that is used is ever loaded.
 *
 * @param wanted the one to use; left out, Node's own where it has one, else better-sqlite3
 * @throws MissingDependencyError when it is not there
 */
export function chooseDriver(wanted?: DriverName, load: DriverLoaders = loaders): Driver {
  if (wanted !== 'better-sqlite3') {
    const driver = load['node:sqlite']()
    if (driver !== null) return driver
    if (wanted === 'node:sqlite') {
      throw new MissingDependencyError(
        `the SQLite log was asked to use node:sqlite, which Node ${process.version} does not have; use Node 22.13 or ` +
          `newer, or leave out \`driver\` and install a driver with ${installCommands}`,
      )
    }
  }
  try {
    return load['better-sqlite3']()
  } catch (cause) {
    const loading = wanted === undefined ? `, as Node ${process.version} has no node:sqlite` : ''
    throw new MissingDependencyError(
      `the SQLite log needs the package better-sqlite3${loading}, and it could not be loaded (${reasonOf(cause)}); ` +
        `install it with ${installCommands}, or use Node 22.13 or newer, which needs nothing installed`,
      { cause },
    )
  }
}

const installCommands =
  '`npm install better-sqlite3` (where npm left out its install script, which npm 11 may ask to approve, then ' +
  '`npm approve-scripts better-sqlite3` and `npm rebuild better-sqlite3`)'

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'MODULE_NOT_FOUND') return 'it is not installed'
  if (code === 'ERR_DLOPEN_FAILED') return 'its binary was built for another Node or another system'
  return 'its binary was not built when it was installed'
}
