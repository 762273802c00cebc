// Reads a log file and folds it as it goes: every record is checked against those before it.
import { DivergenceError } from '../errors/errors.ts'
import type { LogRecord } from '../log/transition.ts'
import { FoldedLog } from '../replay/folded-log.ts'
import type { LogProblem } from './log-problem.ts'
import { isAfter } from './moment.ts'
import type { Moment } from './moment.ts'
import { readLogFile } from './read-log-file.ts'
import type { ProgressListener } from './read-log-file.ts'

export interface FoldOptions {
  /** Read no further than this moment. @default the whole file */
  readonly until?: Moment | null | undefined
  /** Hears of each record once it has been folded, and where in the file its bytes stand. */
  readonly onRecord?: ((record: LogRecord, folded: FoldedLog, offset: number, length: number) => void) | undefined
  readonly onProgress?: ProgressListener | undefined
}

/** What a file came to. */
export interface FoldedFile {
  readonly folded: FoldedLog
  /** How many records were folded. */
  readonly records: number
  /** What ended the reading too soon, or was left out; null when nothing was wrong. */
  readonly problem: LogProblem | null
}

/**
 * @param path `-` reads standard input
 * @throws what Node throws when the file cannot be read
 */
export async function foldLogFile(path: string, options: FoldOptions = {}): Promise<FoldedFile> {
  const { until = null, onRecord, onProgress } = options
  const folded = new FoldedLog()
  let records = 0
  let lineNow = 0
  try {
    const problem = await readLogFile(
      path,
      (record, line, offset, length) => {
        if (until !== null && isAfter(until, record)) return false
        lineNow = line
        folded.fold(record)
        records += 1
        onRecord?.(record, folded, offset, length)
        return true
      },
      onProgress,
    )
    return { folded, records, problem }
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error
    const message = `line ${lineNow}: ${error.message}`
    return { folded, records, problem: { kind: 'diverged', line: lineNow, seq: error.seq, message } }
  }
}
