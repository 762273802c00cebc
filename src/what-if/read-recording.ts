import { DivergenceError } from '../errors/errors.ts'
import type { LogProblem } from '../recorded/log-problem.ts'
import type { ProgressListener } from '../recorded/read-log-file.ts'
import type { RecordSource } from '../recorded/record-file.ts'
import { FoldedLog } from '../replay/folded-log.ts'
import type { Policy } from './policy.ts'
import type { Recording } from './recording.ts'
import { RecordingReader } from './recording-reader.ts'

/** A recording, and what ended the reading too soon or was left out. */
export interface ReadRecording {
  readonly recording: Recording
  readonly problem: LogProblem | null
}

/** Reads and checks a log up to its end, or the first thing that is wrong with it. */
export async function readRecording(
  log: RecordSource,
  recordedUnder: Policy,
  onProgress: ProgressListener,
): Promise<ReadRecording> {
  const reader = new RecordingReader(recordedUnder)
  const folded = new FoldedLog()
  let lineNow = 0
  const read = async (): Promise<LogProblem | null> => {
    try {
      return await log.read((record, line) => {
        lineNow = line
        folded.fold(record)
        reader.take(record, line)
        return true
      }, onProgress)
    } catch (error) {
      if (!(error instanceof DivergenceError)) throw error
      return { kind: 'diverged', line: lineNow, seq: error.seq, message: `${log.located(lineNow)}${error.message}` }
    }
  }
  const problem = await read()
  return { recording: reader.recording(), problem }
}
