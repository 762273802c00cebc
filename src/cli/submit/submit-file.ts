import { basename } from 'node:path'
import { exitCode } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { jsonText } from '../json-text.ts'
import { printableText } from '../printable-text.ts'
import { Progress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'
import type { LineDefaults } from './event-line.ts'
import { SubmissionStopped } from './events-client.ts'
import type { EventsClient } from './events-client.ts'
import { openLines, readLines } from './file-lines.ts'
import { SubmissionTally, summaryText } from './submission-report.ts'
import type { SubmissionReport } from './submission-report.ts'
import { LineSubmitter } from './submit-lines.ts'

export interface FileSubmission {
  /** Its path, or `-` for the standard input. */
  readonly file: string
  readonly defaults: Omit<LineDefaults, 'source'> & { readonly source: string | undefined }
  readonly batchSize: number
  readonly json: boolean
}

const longestLineBytes = 16 * 1024 * 1024

/** Submits a file of events, tells how far it is, and what became of it. */
export async function submitFile(
  { file, defaults, batchSize, json }: FileSubmission,
  client: EventsClient,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<ExitCode> {
  const source = defaults.source ?? (file === '-' ? '-' : basename(file))
  const tally = new SubmissionTally(source)
  const progress = new Progress(terminal)
  const submitter = new LineSubmitter(client, tally, { ...defaults, source }, batchSize)
  let stopped: string | null = null
  try {
    for await (const lines of readLines(openLines(file, signal), longestLineBytes)) {
      await submitter.submit(lines, () => {
        progress.tell(() => tally.progress)
        if (signal.aborted) throw new SubmissionStopped('interrupted')
      })
    }
  } catch (error) {
    if (signal.aborted) stopped = 'interrupted'
    else if (error instanceof SubmissionStopped) stopped = error.message
    else throw error
  } finally {
    progress.end()
  }
  const report = tally.report(stopped)
  if (json) terminal.print(jsonText(report))
  else tell(report, terminal)
  return stopped === null && report.refused === 0 ? exitCode.done : exitCode.failed
}

function tell(report: SubmissionReport, terminal: Terminal): void {
  const { refusals, refused, stopped, answeredLine } = report
  for (const { line, code, message } of refusals) terminal.note(printableText(`line ${line}: ${message} (${code})`))
  if (refused > refusals.length) terminal.note(`and ${refused - refusals.length} more lines`)
  terminal.print(summaryText(report))
  if (stopped === null) return
  const place = answeredLine === 0 ? 'before the first line' : `after line ${answeredLine}`
  terminal.note(printableText(`stopped ${place}: ${stopped}`))
  terminal.note('Run it again: what was accepted is known by its key, and not taken twice.')
}
