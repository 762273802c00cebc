import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { TransitionDraft } from '../../src/log/transition.ts'
import { chooseDriver } from '../../src/sqlite/driver/choose-driver.ts'
import type { Database } from '../../src/sqlite/driver/database.ts'
import { openLogFileForReading } from '../../src/sqlite/open-file-for-reading.ts'
import { createSqliteLog } from '../../src/sqlite/sqlite-log.ts'
import type { SqliteHome } from '../../src/sqlite/sqlite-home.ts'
import { verifyFile } from '../../src/sqlite/verify/verify-file.ts'
import type { FileReport } from '../../src/sqlite/verify/verify-file.ts'
import { formulaRecords } from './formula-log.ts'

/** The path of a file that is not there yet, in a folder of the test's own. */
export function freshPath(name = 'log.db'): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, name)
}

/** A home that commits by itself, soon after each append, whatever the test's clock says. */
export function openHome(path: string, options: object = {}): SqliteHome {
  return createSqliteLog(path, options, { schedule: queueMicrotask })
}

/** A file with so many records, as a service would have left it. */
export async function writeSqliteLog(path: string, records: number): Promise<void> {
  const home = openHome(path)
  for (const { seq, ...draft } of formulaRecords(records)) {
    home.append(draft as TransitionDraft) // the formula makes records of events alone
    if (seq % 1000 === 0) await home.flush()
  }
  await home.close()
}

/** Changes a file behind hookline's back. */
export function tamper(path: string, change: string | ((database: Database) => void)): void {
  const database = chooseDriver().open(path, { readOnly: false })
  try {
    if (typeof change === 'string') database.exec(change)
    else change(database)
  } finally {
    database.close()
  }
}

export function verifyPath(path: string): FileReport {
  const { database, close } = openLogFileForReading(path)
  try {
    return verifyFile(database, () => undefined)
  } finally {
    close()
  }
}
