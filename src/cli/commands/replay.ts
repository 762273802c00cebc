// `hookline replay`: what a recorded log holds, whether it follows, and one event's or endpoint's part of it.
import { EndpointNotFoundError, EventNotFoundError } from '../../errors/errors.ts'
import { describeValue } from '../../errors/describe-value.ts'
import type { Moment } from '../../recorded/moment.ts'
import type { RecordedLine } from '../../recorded/recorded-event.ts'
import type { RecordedLog } from '../../recorded/recorded-log.ts'
import type { RecordedState } from '../../recorded/recorded-state.ts'
import { CallError } from '../call-error.ts'
import { jsonText } from '../json-text.ts'
import { fileArgument } from '../logs/log-file.ts'
import { printableText } from '../printable-text.ts'
import type { AddCommand } from '../program.ts'
import { endpointLines } from '../replay/endpoint-lines.ts'
import { summaryLines } from '../replay/summary-lines.ts'
import { timelineLines } from '../replay/timeline-lines.ts'
import { parseUntil, tellProblem, withRecordedLog } from './recorded-file.ts'

interface ReplayOptions {
  readonly event?: string
  readonly endpoint?: string
  readonly until?: Moment
  readonly json?: true
}

/** A part of a log, in both forms. Each is made only when it is asked for. */
interface Report {
  readonly lines: () => readonly string[]
  readonly data: () => object
}

/** How many lines of an endpoint are shown, and how many of those who wait in each. */
const shown = { lines: 20, waiting: 5 } as const

const examples = `
Examples:
  hookline replay log.jsonl                             what it holds, and whether every record follows
  hookline replay log.jsonl --event evt_…               everything that happened to one event
  hookline replay log.jsonl --endpoint ep_…             an endpoint, its line, and its own records
  hookline replay log.jsonl --until 2025-01-31T09:30Z   as it was then
  gunzip -c log.jsonl.gz | hookline replay - --json

A last line that was cut short is left out, with a warning. A line that is no record, or a record that does not follow
from those before it, is named, and what came before it is used; the exit code is 1 then.`

export const addReplay: AddCommand = (program, terminal, end) => {
  program
    .command('replay')
    .description('Read a recorded log, check every record, and show what it holds.')
    .argument('<file>', fileArgument)
    .option('--event <id>', 'show what happened to one event')
    .option('--endpoint <id>', 'show an endpoint, its line, and its own records')
    .option('--until <seq|time>', 'as it was after this record, or at this time (ISO 8601)', parseUntil)
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(async (file: string, options: ReplayOptions) => {
      const { event, endpoint, until, json } = options
      if (event !== undefined && endpoint !== undefined)
        throw new CallError('--event and --endpoint: give one of them, or neither')
      await withRecordedLog(file, terminal, until, (log) => {
        const code = tellProblem(log, terminal)
        end(code)
        const report = reportOf(log, until, event, endpoint)
        if (json === true) terminal.print(jsonText({ ...report.data(), problem: log.problem }))
        else for (const line of report.lines()) terminal.print(printableText(line))
      })
    })
}

function reportOf(log: RecordedLog, until: Moment | undefined, event?: string, endpoint?: string): Report {
  const state = log.stateAt(until)
  if (event !== undefined) return eventReport(state, event)
  if (endpoint !== undefined) return endpointReport(state, endpoint)
  const isWhole = log.problem === null || log.problem.kind === 'truncated'
  const verified = isWhole ? 'every record follows from those before it' : 'NOT: see the error'
  return {
    lines: () => [...summaryLines(state.summary()), `verified      ${verified}`],
    data: () => ({ summary: state.summary() }),
  }
}

function eventReport(state: RecordedState, eventId: string): Report {
  const event = state.event(eventId)
  if (event === undefined)
    throw new EventNotFoundError(`no event has the id ${describeValue(eventId)} in this log so far`)
  const { eventType, endpointId, sequence, status } = event
  const title = `${eventId} (${eventType}) to ${endpointId}, number ${sequence} of its line: ${status}`
  return {
    lines: () => [title, '', ...timelineLines(state.recordsOf(eventId))],
    data: () => ({ event, records: state.recordsOf(eventId) }),
  }
}

function endpointReport(state: RecordedState, endpointId: string): Report {
  const endpoint = state.endpoints().find((one) => one.endpointId === endpointId)
  if (endpoint === undefined)
    throw new EndpointNotFoundError(`no endpoint has the id ${describeValue(endpointId)} in this log so far`)
  const lines: RecordedLine[] = []
  let more = false
  for (const line of state.linesOf(endpointId, shown.waiting)) {
    more = lines.length === shown.lines
    if (more) break
    lines.push(line)
  }
  const records = state.recordsOfEndpoint(endpointId)
  const own = records.length === 0 ? ['no records of its own'] : timelineLines(records)
  return {
    lines: () => [...endpointLines(endpoint, lines, more), '', ...own],
    data: () => ({ endpoint, lines, moreLines: more, records }),
  }
}
