// A log in a file of SQLite as a place to read records from. Read-only: what it reads, it leaves as it is.
import { statSync } from 'node:fs'
import { LogFormatError } from '../../errors/errors.ts'
import { parseRecord } from '../../log/jsonl.ts'
import type { LogRecord } from '../../log/transition.ts'
import type { LogProblem } from '../../recorded/log-problem.ts'
import type { ProgressListener, RecordListener } from '../../recorded/read-log-file.ts'
import type { RecordFile } from '../../recorded/record-file.ts'
import type { Database } from '../../sqlite/driver/database.ts'
import { openLogFileForReading } from '../../sqlite/open-file-for-reading.ts'
import { recordKinds } from '../../sqlite/schema.ts'
import { lastSeqIn, rawRecord, rawRecords } from '../../sqlite/raw-records.ts'
import type { RawRecord } from '../../sqlite/raw-records.ts'
import { recordFault } from '../../sqlite/verify/record-fault.ts'

/** @throws StorageError when it is no log, or a service has it open; MissingDependencyError */
export function openSqliteRecords(path: string): RecordFile {
  const { database, close } = openLogFileForReading(path)
  const bytes = statSync(path).size
  return {
    read: (listener, onProgress) => Promise.resolve(readRecords(database, bytes, listener, onProgress)),
    located: () => '',
    // Its number was noted as the place where it stands.
    recordAt: ({ offset }) => recordNumbered(database, offset),
    close,
  }
}

/** Endpoints' configurations are records of the file, and not of the log that is exported and replayed. */
function readRecords(
  database: Database,
  bytes: number,
  listener: RecordListener,
  onProgress?: ProgressListener,
): LogProblem | null {
  const lastSeq = lastSeqIn(database)
  let line = 0
  for (const stored of rawRecords(database)) {
    if (stored.kind === recordKinds.endpointConfiguration) continue
    line += 1
    const { seq } = stored
    try {
      if (!listener(recordIn(stored), line, seq, 0)) return null
    } catch (error) {
      if (!(error instanceof LogFormatError)) throw error
      return { kind: 'malformed', line, message: error.message }
    }
    if (line % 1000 === 0) onProgress?.(Math.floor((bytes * seq) / lastSeq))
  }
  return null
}

/** @throws LogFormatError */
function recordIn(stored: RawRecord): LogRecord {
  const { seq, line } = stored
  const fault = recordFault(stored, null)
  if (fault === null) return parseRecord(line, seq)
  throw new LogFormatError(`record ${seq} ${fault}; hookline verify tells more`, seq)
}

function recordNumbered(database: Database, seq: number): LogRecord {
  const stored = rawRecord(database, seq)
  if (stored === undefined) throw new LogFormatError(`record ${seq} is gone from the log`, seq)
  return recordIn(stored)
}
