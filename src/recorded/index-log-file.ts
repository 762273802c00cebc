import { DivergenceError } from '../errors/errors.ts'
import { LogIndex } from './log-index.ts'
import type { LogProblem } from './log-problem.ts'
import { isAfter } from './moment.ts'
import type { Moment } from './moment.ts'
import type { ProgressListener } from './read-log-file.ts'
import type { RecordSource } from './record-file.ts'

/** The index of a file, and what ended the reading too soon or was left out. */
export interface IndexedFile {
  readonly index: LogIndex
  readonly problem: LogProblem | null
}

/** Reads and checks an open file up to its end, a moment, or the first thing that is wrong with it. */
export async function indexLogFile(
  file: RecordSource,
  until: Moment | undefined,
  onProgress: ProgressListener | undefined,
): Promise<IndexedFile> {
  const index = new LogIndex()
  const problem = await read(file, index, until, onProgress)
  index.seal()
  return { index, problem }
}

async function read(
  file: RecordSource,
  index: LogIndex,
  until: Moment | undefined,
  onProgress: ProgressListener | undefined,
): Promise<LogProblem | null> {
  let lineNow = 0
  try {
    return await file.read((record, line, offset, length) => {
      if (until !== undefined && isAfter(until, record)) return false
      lineNow = line
      index.add(record, offset, length)
      return true
    }, onProgress)
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error
    return { kind: 'diverged', line: lineNow, seq: error.seq, message: `${file.located(lineNow)}${error.message}` }
  }
}
