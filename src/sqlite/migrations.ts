import type { Database } from './driver/database.ts'
import { readPragma } from './pragmas.ts'
import { schema1, schema2, schema3 } from './schema.ts'

/**
 * What leads from each version of the file to the next; the first leads from an empty file to version 1. Never changed once
 * released, only added to.
 */
const migrations: readonly string[] = [schema1, schema2, schema3]

/** The version that this hookline writes. */
export const latestVersion = migrations.length

/**
 * Brings a file to the latest version. Each step is one transaction that also writes the version, so that an interrupted
 * one has done nothing, and no step is done twice.
 */
export function migrate(database: Database, steps = migrations): void {
  for (let version = Number(readPragma(database, 'user_version')); version < steps.length; version += 1) {
    database.exec('BEGIN IMMEDIATE')
    try {
      database.exec(steps[version] ?? '')
      database.exec(`PRAGMA user_version = ${version + 1}`)
      database.exec('COMMIT')
    } catch (error) {
      rollBack(database)
      throw error
    }
  }
}

/** Undoes what a failed transaction has done. SQLite may have done so itself, and then says that there is none. */
export function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // What is told is the error that came first.
  }
}
