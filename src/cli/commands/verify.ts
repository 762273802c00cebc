// `hookline verify`: whether a log is whole, and what is wrong with it.
import { openLogFileForReading } from '../../sqlite/open-file-for-reading.ts'
import { verifyFile } from '../../sqlite/verify/verify-file.ts'
import type { VerifyProgress } from '../../sqlite/verify/verify-file.ts'
import { exitCode } from '../exit-code.ts'
import { jsonText } from '../json-text.ts'
import { fileArgument, isSqliteFile } from '../logs/log-file.ts'
import { checkSeal } from '../logs/seal.ts'
import { printableText } from '../printable-text.ts'
import type { AddCommand } from '../program.ts'
import { Progress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'
import { fileReportLines, recordedReportLines } from '../verify/report-lines.ts'
import { withRecordedLog } from './recorded-file.ts'

/** What was found, in both forms. */
interface Report {
  readonly sound: boolean
  readonly lines: readonly string[]
  readonly data: object
}

const notes = `
Of a file of sqliteLog it checks that SQLite can read it, the checksum of every record and its place in the chain, that
every event's records follow from one another, and that the index says what the records say. Of JSONL it checks that
every record follows, and the checksum of the file if there is one beside it (FILE.sha256, as hookline export writes it).
It changes nothing. No service may have the file open: verify a backup then.

Exit code: 0 it is sound, 1 something is wrong with it, 2 the program was called wrongly.

Examples:
  hookline verify hooks.db
  hookline verify log.jsonl
  hookline verify hooks.db --json`

export const addVerify: AddCommand = (program, terminal, end) => {
  program
    .command('verify')
    .description('Check that a log is whole, and name what is not.')
    .argument('<file>', fileArgument)
    .option('--json', 'print JSON')
    .addHelpText('after', notes)
    .action(async (file: string, { json }: { readonly json?: true }) => {
      const report = isSqliteFile(file) ? verifySqlite(file, terminal) : await verifyRecorded(file, terminal)
      end(report.sound ? exitCode.done : exitCode.failed)
      if (json === true) terminal.print(jsonText({ sound: report.sound, ...report.data }))
      else for (const line of report.lines) terminal.print(printableText(line))
    })
}

function verifySqlite(file: string, terminal: Terminal): Report {
  const progress = new Progress(terminal)
  const { database, close } = openLogFileForReading(file)
  try {
    const report = verifyFile(database, (step) => progress.tell(() => progressLine(step)))
    return { sound: report.faultCount === 0, lines: fileReportLines(report), data: report }
  } finally {
    close()
    progress.end()
  }
}

async function verifyRecorded(file: string, terminal: Terminal): Promise<Report> {
  const seal = await checkSeal(file)
  return withRecordedLog(file, terminal, undefined, (log) => {
    const { problem } = log
    const { records, firstSeq, lastSeq, events, endpoints, statuses } = log.stateAt().summary()
    const report = { records, firstSeq, lastSeq, events, statuses, endpoints, problem, seal }
    const sound = problem === null && seal !== 'broken'
    return { sound, lines: recordedReportLines(report), data: report }
  })
}

function progressLine({ doing, done, of }: VerifyProgress): string {
  return `checking ${doing}: ${Math.floor((100 * done) / Math.max(of, 1))} %`
}
