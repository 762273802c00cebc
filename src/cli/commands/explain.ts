// `hookline explain`: why an event of a recorded log is or was where it is.
import { explainRecorded } from '../../recorded/explain-recorded.ts'
import { explanationSentences } from '../../recorded/explanation-sentences.ts'
import type { Moment } from '../../recorded/moment.ts'
import { jsonText } from '../json-text.ts'
import { fileArgument } from '../logs/log-file.ts'
import { printableText } from '../printable-text.ts'
import type { AddCommand } from '../program.ts'
import { parseUntil, tellProblem, withRecordedLog } from './recorded-file.ts'

interface ExplainOptions {
  readonly until?: Moment
  readonly json?: true
}

const examples = `
Examples:
  hookline explain log.jsonl evt_…                               why it is where it is, and how it came there
  hookline explain log.jsonl evt_… --until 2025-01-31T09:30:00Z  why it was where it was then
  hookline explain log.jsonl evt_… --until 1200 --json           after record 1200, as data`

export const addExplain: AddCommand = (program, terminal, end) => {
  program
    .command('explain')
    .description('Say why an event of a recorded log is or was where it is: behind whom, until when, held by what.')
    .argument('<file>', fileArgument)
    .argument('<event>', 'the id of the event')
    .option('--until <seq|time>', 'as it was after this record, or at this time (ISO 8601)', parseUntil)
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(async (file: string, eventId: string, { until, json }: ExplainOptions) => {
      // The whole file is read: that a rate limit held an event is told by the record after.
      await withRecordedLog(file, terminal, undefined, (log) => {
        end(tellProblem(log, terminal))
        const explanation = explainRecorded(log.stateAt(until), eventId)
        if (json === true) terminal.print(jsonText({ ...explanation, problem: log.problem }))
        else for (const sentence of explanationSentences(explanation)) terminal.print(printableText(sentence))
      })
    })
}
