import { simulate } from '../../testing/simulation/simulate.ts'
import type { SimulationReport } from '../../testing/simulation/simulation-report.ts'
import { CallError } from '../call-error.ts'
import { durationText } from '../../recorded/duration-text.ts'
import { exitCode } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printableText } from '../printable-text.ts'
import { jsonText } from '../json-text.ts'
import { Progress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'

interface SimulateSeedsOptions {
  /** The first seed. */
  readonly from: number
  readonly count: number
  readonly json: boolean
}

/** A report without its log, which may be very long. */
type Summary = Omit<SimulationReport, 'log'> & { readonly log: undefined }

const violationsShown = 5

/**
 * Simulates a world for each seed and prints what came of them; it failed when a promise was broken in any.
 *
 * @param run makes one of them
 */
export async function simulateSeeds(
  terminal: Terminal,
  { from, count, json }: SimulateSeedsOptions,
  run: typeof simulate = simulate,
): Promise<ExitCode> {
  if (count < 1) throw new CallError('simulate: --seeds must be at least 1')
  if (!Number.isSafeInteger(from + count)) throw new CallError(`simulate: seeds end at ${Number.MAX_SAFE_INTEGER}`)
  const summaries: Summary[] = []
  const progress = new Progress(terminal)
  for (let seed = from; seed < from + count; seed += 1) {
    progress.tell(() => `seed ${seed}: ${summaries.length} of ${count} done`)
    const summary = withoutLog(await run({ seed }))
    summaries.push(summary)
    if (!json && !summary.ok) for (const line of failureLines(summary)) terminal.print(line)
  }
  progress.end()
  if (json) terminal.print(jsonText(summaries))
  else for (const line of totalLines(summaries)) terminal.print(line)
  return summaries.every(({ ok }) => ok) ? exitCode.done : exitCode.failed
}

/** JSON leaves out what is undefined. */
function withoutLog(report: SimulationReport): Summary {
  return { ...report, log: undefined }
}

function failureLines({ seed, violations }: Summary): string[] {
  const shown = violations.slice(0, violationsShown).map(({ rule, message }) => `  ${rule}: ${printableText(message)}`)
  const rest = violations.length - shown.length
  return [`seed ${seed} broke a promise:`, ...shown, ...(rest > 0 ? [`  and ${rest} more`] : []), '']
}

function totalLines(summaries: readonly Summary[]): string[] {
  const sum = (of: (summary: Summary) => number): number => summaries.reduce((total, each) => total + of(each), 0)
  const count = (of: (summary: Summary) => number): string => sum(of).toLocaleString('en-US')
  const ended = `${count((each) => each.delivered)} delivered, ${count((each) => each.failed)} failed, ${count((each) => each.deadLettered)} dead letters`
  const faults = count(({ faults: byKind }) => Object.values(byKind).reduce((total, kind) => total + kind, 0))
  const broken = summaries.filter(({ ok }) => !ok).map(({ seed }) => seed)
  return [
    `worlds     ${count(() => 1)}, ${durationText(sum(({ virtualMs }) => virtualMs))} of virtual time`,
    `events     ${count(({ events }) => events)}: ${ended}`,
    `requests   ${count(({ requests }) => requests)}, ${count(({ duplicates }) => duplicates)} of them accepted once more than needed`,
    `faults     ${faults}, ${count(({ crashes }) => crashes)} of them crashes`,
    `promises   ${broken.length === 0 ? 'all kept' : `broken by seed ${broken.join(', ')}`}`,
  ]
}
