// What a file holds after a death. Only ever of a copy: who opens the file itself would mend what the next start must mend.
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { FileRecords } from './archive.ts'
import type { Database, Driver } from '../../src/sqlite/driver/database.ts'
import { migrate } from '../../src/sqlite/migrations.ts'
import { recordKinds } from '../../src/sqlite/schema.ts'
import { verifyFile } from '../../src/sqlite/verify/verify-file.ts'

export interface ReadFile extends FileRecords {
  /** What SQLite's own check, the chain, the folded records and the index say against it. */
  readonly wrong: readonly string[]
}

/** Copies a file that nobody has open, with its WAL, into `folder`. Returns the path of the copy; null when there is no file. */
export function copyLogFile(path: string, folder: string): string | null {
  rmSync(folder, { recursive: true, force: true })
  if (!existsSync(path)) return null
  mkdirSync(folder, { recursive: true })
  const copy = join(folder, basename(path))
  for (const part of ['', '-wal', '-journal']) {
    if (existsSync(path + part)) copyFileSync(path + part, copy + part)
  }
  return copy
}

/** Reads everything in it, and checks it as `hookline verify` does. The file is changed: its WAL is taken in. */
export function readFileRecords(driver: Driver, path: string): ReadFile {
  const database = driver.open(path, { readOnly: false })
  try {
    if (!hasTables(database)) return { lines: new Map(), lastSeq: 0, wrong: [] }
    // A process may have died between two versions of a new file; who reads one brings their copy to the latest.
    migrate(database)
    const { faults } = verifyFile(database, () => undefined)
    const wrong = faults.map(({ kind, seq, message }) => `${kind}${seq === null ? '' : ` ${seq}`}: ${message}`)
    return { ...records(database), wrong }
  } finally {
    database.close()
  }
}

function hasTables(database: Database): boolean {
  return database.prepare("SELECT name FROM sqlite_schema WHERE name = 'counters'").get() !== undefined
}

function records(database: Database): FileRecords {
  const lines = new Map<number, string>()
  const rows = database.prepare('SELECT seq, line FROM records WHERE kind <> ? ORDER BY seq')
  for (const { seq, line } of rows.all(recordKinds.endpointConfiguration)) lines.set(Number(seq), String(line))
  const counters = database.prepare('SELECT last_seq FROM counters').get()
  return { lines, lastSeq: Number(counters?.['last_seq']) }
}
