import { MissingDependencyError } from '../errors/errors.ts'
import type { Database } from './driver/database.ts'

/** STRICT tables came with it. */
const oldest = '3.37.0'

/**
 * Refuses a SQLite that cannot read the log's tables.
 *
 * The WAL-reset bug, by which versions before 3.51.3 can damage a file, does not count against one: it takes two connections
 * that write or checkpoint at the same time, and a log's file has only ever one, by its exclusive lock.
 *
 * @throws MissingDependencyError
 */
export function checkSqliteVersion(database: Database): void {
  const version = String(database.prepare('SELECT sqlite_version() AS version').get()?.['version'])
  if (orderOf(version) >= orderOf(oldest)) return
  throw new MissingDependencyError(
    `the SQLite log needs SQLite ${oldest} or newer, and ${database.driver} brings ${version}; ` +
      'use a Node with its own SQLite, or `npm install better-sqlite3` and `driver: "better-sqlite3"`',
  )
}

function orderOf(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return (major * 1000 + minor) * 1000 + patch
}
