// What every command that reads a recorded log has in common: how the file is given, opened, and found damaged.
import { statSync } from 'node:fs'
import { InvalidOptionError } from '../../errors/errors.ts'
import { readMoment } from '../../recorded/moment.ts'
import type { Moment } from '../../recorded/moment.ts'
import type { ProgressListener } from '../../recorded/read-log-file.ts'
import { RecordedLog } from '../../recorded/recorded-log.ts'
import { CallError } from '../call-error.ts'
import { exitCode } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { openRecordFile } from '../logs/log-file.ts'
import { printableText } from '../printable-text.ts'
import { Progress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'

/** Reads `--until`. @throws CallError */
export function parseUntil(text: string): Moment {
  return parseMoment(text, '--until')
}

/** @throws CallError */
export function parseMoment(text: string, option: string): Moment {
  try {
    return readMoment(text, option)
  } catch (error) {
    if (error instanceof InvalidOptionError) throw new CallError(error.message)
    throw error
  }
}

/** Opens a file, tells how far it has been read, lets `use` have it, and closes it. Returns what `use` returns. */
export async function withRecordedLog<T>(
  file: string,
  terminal: Terminal,
  until: Moment | undefined,
  use: (log: RecordedLog) => T,
): Promise<T> {
  const { onProgress, end } = fileProgress(file, terminal)
  const log = await RecordedLog.open(file, { until, onProgress, openFile: openRecordFile }).finally(end)
  try {
    return use(log)
  } finally {
    log.close()
  }
}

/** Tells how far a file has been read, until `end` is called. */
export function fileProgress(file: string, terminal: Terminal): { onProgress: ProgressListener; end: () => void } {
  const progress = new Progress(terminal)
  const bytes = file === '-' ? 0 : statSync(file).size
  return {
    onProgress: (bytesRead) =>
      progress.tell(() => (bytes === 0 ? megabytes(bytesRead) : `${Math.floor((bytesRead / bytes) * 100)} % read`)),
    end: () => progress.end(),
  }
}

/** Says what is wrong with a file, and how the command is to end because of it. */
export function tellProblem({ problem }: Pick<RecordedLog, 'problem'>, terminal: Terminal): ExitCode {
  if (problem === null) return exitCode.done
  const message = printableText(problem.message)
  if (problem.kind === 'truncated') {
    terminal.note(`warning: ${message}`)
    return exitCode.done
  }
  terminal.note(`error: ${message}. Nothing was read from there on.`)
  return exitCode.failed
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1_000_000)} MB read`
}
