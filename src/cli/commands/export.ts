// `hookline export`: the records of a file of sqliteLog as JSONL, sealed so that they can outlive retention.
import { existsSync } from 'node:fs'
import type { Moment } from '../../recorded/moment.ts'
import { openLogFileForReading } from '../../sqlite/open-file-for-reading.ts'
import { CallError } from '../call-error.ts'
import { exportRange } from '../export/export-range.ts'
import type { Exported } from '../export/export-range.ts'
import { SealedFile } from '../export/sealed-file.ts'
import { jsonText } from '../json-text.ts'
import { isSqliteFile } from '../logs/log-file.ts'
import { countText } from '../number-text.ts'
import { printableText } from '../printable-text.ts'
import type { AddCommand } from '../program.ts'
import { Progress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'
import { parseMoment } from './recorded-file.ts'

interface ExportOptions {
  readonly from?: Moment
  readonly until?: Moment
  readonly output?: string
  readonly json?: true
}

const notes = `
The records are those that exportJsonl gives: payloads are in them, secrets and endpoints' configurations are not. Every
checksum is checked on the way; at a record that is not what was written the export ends with 1, and leaves no file.

With --output the file is on the disk when the command ends, and beside it FILE.sha256, by which sha256sum --check and
hookline verify tell whether it is still what was exported. Parts that follow one another make one log:
  cat january.jsonl february.jsonl | hookline replay -

No service may have the file open. From a service that runs, exportJsonl(service.log) gives the same.

Examples:
  hookline export hooks.db > log.jsonl
  hookline export hooks.db --output january.jsonl --until 2025-02-01
  hookline export hooks.db --output february.jsonl --from 2025-02-01 --until 2025-03-01
  hookline export hooks.db --from 1200 --until 1300`

export const addExport: AddCommand = (program, terminal) => {
  program
    .command('export')
    .description('Write the records of a file of sqliteLog as JSONL, and seal them.')
    .argument('<file>', 'a file of sqliteLog')
    .option('--from <seq|time>', 'begin with this record, or the first later than this time (ISO 8601)', (text) =>
      parseMoment(text, '--from'),
    )
    .option('--until <seq|time>', 'end with this record, or before the first later than this time', (text) =>
      parseMoment(text, '--until'),
    )
    .option('--output <file>', 'write it to a file that is not there yet, and its checksum beside it')
    .option('--json', 'with --output: tell as JSON what was written')
    .addHelpText('after', notes)
    .action((file: string, { from, until, output, json }: ExportOptions) => {
      if (!isSqliteFile(file)) throw new CallError(notSqlite(file))
      if (output === undefined) {
        if (json === true) throw new CallError('--json tells what was written to a file; say which with --output')
        tell(printAll(file, { from, until }, terminal), null, terminal)
        return
      }
      const { sha256, ...exported } = writeSealed(file, output, { from, until }, terminal)
      if (json === true) terminal.print(jsonText({ output, sha256, ...exported }))
      else tell(exported, output, terminal)
    })
}

type Range = Parameters<typeof exportRange>[1]

function printAll(file: string, range: Range, terminal: Terminal): Exported {
  return withFile(file, range, terminal, (lines) => terminal.print(lines.join('\n')))
}

function writeSealed(file: string, output: string, range: Range, terminal: Terminal): Exported & { sha256: string } {
  const sealed = SealedFile.begin(output)
  try {
    const exported = withFile(file, range, terminal, (lines) => sealed.write(`${lines.join('\n')}\n`))
    return { ...exported, sha256: sealed.seal() }
  } finally {
    sealed.abandonUnlessSealed()
  }
}

function withFile(file: string, range: Range, terminal: Terminal, take: (lines: readonly string[]) => void): Exported {
  const progress = new Progress(terminal)
  const { database, close } = openLogFileForReading(file)
  try {
    return exportRange(database, range, (lines, exported) => {
      take(lines)
      progress.tell(() => countText(exported.records, 'record'))
    })
  } finally {
    close()
    progress.end()
  }
}

function tell({ records, firstSeq, lastSeq }: Exported, output: string | null, terminal: Terminal): void {
  const range = records === 0 ? '' : `, seq ${firstSeq} to ${lastSeq}`
  const where = output === null ? '' : `, in ${printableText(output)}, sealed by ${printableText(output)}.sha256`
  terminal.note(`${countText(records, 'record')}${range}${where}`)
}

function notSqlite(file: string): string {
  if (file !== '-' && !existsSync(file)) return `there is no file ${JSON.stringify(file)}`
  return `${JSON.stringify(file)} is no file of sqliteLog; what is in JSONL needs no export`
}
