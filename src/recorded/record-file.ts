import type { LogRecord } from '../log/transition.ts'
import type { LogProblem } from './log-problem.ts'
import type { ProgressListener, RecordListener } from './read-log-file.ts'

/** Where the records of a log are read from, whatever its form. */
export interface RecordSource {
  /**
   * Tells of each record, from the first up to the one that is none, or to the one the listener has had enough of.
   *
   * @returns what was wrong; null when nothing was
   * @throws what `listener` throws, and what is thrown when the log cannot be read
   */
  read(listener: RecordListener, onProgress?: ProgressListener): Promise<LogProblem | null>
  /** Where a record stands, by its number from 1, to begin a message with; empty where its `seq` says it all. */
  located(line: number): string
}

/** A log that is open, and can be read anywhere. */
export interface RecordFile extends RecordSource {
  /** Reads the record again of which `read` told this place. */
  recordAt(place: { readonly offset: number; readonly length: number; readonly line: number }): LogRecord
  close(): void
}

export type OpenRecordFile = (path: string) => RecordFile | Promise<RecordFile>
