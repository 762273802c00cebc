// What every command that reads a recorded log has in common: how the file is given, opened, and found damaged.
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { InvalidOptionError } from '../../errors/errors.ts'
import { openJsonlFile } from '../../recorded/jsonl-file.ts'
import { readMoment } from '../../recorded/moment.ts'
import type { Moment } from '../../recorded/moment.ts'
import type { ProgressListener } from '../../recorded/read-log-file.ts'
import { RecordedLog } from '../../recorded/recorded-log.ts'
import type { RecordFile } from '../../recorded/record-file.ts'
import { CallError } from '../call-error.ts'
import { exitCode } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printableText } from '../printable-text.ts'
import { Progress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'

/** Reads `--until`. @throws CallError */
export function parseUntil(text: string): Moment {
  try {
    return readMoment(text, '--until')
  } catch (error) {
    if (error instanceof InvalidOptionError) throw new CallError(error.message)
    throw error
  }
}

/** What every command takes for a log. */
export const fileArgument = 'a log: JSONL, as exportJsonl writes it (- reads the standard input), or a file of sqliteLog'

/** Opens a log in whichever form it is. */
export function openRecordFile(path: string): RecordFile | Promise<RecordFile> {
  return isSqliteFile(path) ? openSqliteRecords(path) : openJsonlFile(path)
}

/** Whether a file is one of SQLite's. What can be read only once, a pipe, is not looked into. */
export function isSqliteFile(path: string): boolean {
  if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(sqliteHead.length)
    readSync(file, head, 0, head.length, 0)
    return isSqliteHead(head)
  } finally {
    closeSync(file)
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
