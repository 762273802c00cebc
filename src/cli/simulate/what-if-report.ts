// A what-if run for people: what was recorded, what would have been, and how far both can be compared.
import type { Figures } from '../../what-if/figures.ts'
import type { Outcome, WhatIf } from '../../what-if/what-if.ts'
import { alignedRows } from '../aligned-rows.ts'
import { durationText } from '../../recorded/duration-text.ts'
import type { Terminal } from '../terminal.ts'

interface ReportOptions {
  readonly byEndpoint: boolean
  readonly colors: Terminal['colors']
}

interface Row {
  readonly name: string
  readonly of: (outcome: Outcome) => number | null
  readonly show: (value: number) => string
  /** Shown only if it is not 0 everywhere. */
  readonly unusual?: boolean
}

/** The first column is a name, the others are figures. */
const figuresFrom = 1

const count = (value: number): string => value.toLocaleString('en-US')
const average = (value: number): string => value.toFixed(2)

const rows: readonly Row[] = [
  { name: 'events', of: ({ total }) => total.events, show: count },
  { name: 'refused at submission', of: ({ refused }) => refused, show: count, unusual: true },
  { name: 'delivered', of: ({ total }) => total.delivered, show: count },
  { name: 'failed (refused)', of: ({ total }) => total.failed, show: count },
  { name: 'dead letters', of: ({ total }) => total.deadLettered, show: count },
  { name: 'not settled', of: ({ total }) => total.unsettled, show: count, unusual: true },
  { name: 'attempts', of: ({ total }) => total.attempts, show: count },
  { name: 'attempts per event', of: ({ total }) => total.attemptsPerEvent, show: average },
  { name: 'lag p50', of: ({ total }) => total.lagMs?.p50 ?? null, show: durationText },
  { name: 'lag p99', of: ({ total }) => total.lagMs?.p99 ?? null, show: durationText },
  { name: 'lag worst', of: ({ total }) => total.lagMs?.worst ?? null, show: durationText },
  { name: 'most waiting at once', of: ({ total }) => total.mostUnsettled, show: count },
  { name: 'makespan', of: ({ total }) => total.makespanMs, show: durationText },
]

export function whatIfReport(result: WhatIf, { byEndpoint, colors }: ReportOptions): string {
  const { recorded, control, whatIf } = result
  const tried = whatIf ?? control
  const [head = '', ...body] = alignedRows(
    [
      ['', 'recorded', whatIf === null ? 'control' : 'what-if', 'change'],
      ...rows.filter((row) => isShown(row, recorded, tried)).map((row) => cellsOf(row, recorded, tried)),
      ['busiest endpoint', busiest(recorded), busiest(tried), ''],
    ],
    figuresFrom,
  )
  const parts = [colors.bold(head), ...body, '']
  if (byEndpoint) parts.push(...endpointTable(recorded, tried, colors), '')
  return [...parts, ...notesOn(result).map((note) => colors.dim(note))].join('\n')
}

function isShown({ of, unusual = false }: Row, recorded: Outcome, tried: Outcome): boolean {
  return !unusual || of(recorded) !== 0 || of(tried) !== 0
}

function cellsOf({ name, of, show }: Row, recorded: Outcome, tried: Outcome): string[] {
  const before = of(recorded)
  const after = of(tried)
  return [
    name,
    before === null ? '-' : show(before),
    after === null ? '-' : show(after),
    changeText(before, after, show),
  ]
}

function changeText(before: number | null, after: number | null, show: Row['show']): string {
  if (before === null || after === null) return ''
  const change = after - before
  if (change === 0) return '='
  const signed = `${change > 0 ? '+' : '-'}${show(Math.abs(change))}`
  const percent = Math.abs((100 * change) / before)
  // Less than that is shown by the change itself, if by anything.
  if (before === 0 || percent < 0.05) return signed
  return `${signed} (${change > 0 ? '+' : '-'}${percent.toFixed(percent < 10 ? 1 : 0)} %)`
}

function busiest({ endpoints }: Outcome): string {
  let first: [string, Figures] | null = null
  for (const entry of endpoints) if (first === null || entry[1].attempts > first[1].attempts) first = entry
  return first === null ? '-' : `${first[0]} (${count(first[1].attempts)})`
}

function endpointTable(recorded: Outcome, tried: Outcome, colors: Terminal['colors']): string[] {
  const [head = '', ...body] = alignedRows(
    [
      ['endpoint', 'events', 'dead letters', 'attempts', 'lag p50', 'lag p99'],
      ...Array.from(recorded.endpoints, ([endpointId, before]) => {
        const after = tried.endpoints.get(endpointId)
        const both = (of: (figures: Figures) => string): string => {
          const shown = of(before)
          return after === undefined || of(after) === shown ? shown : `${shown} → ${of(after)}`
        }
        return [
          endpointId,
          count(before.events),
          both(({ deadLettered }) => count(deadLettered)),
          both(({ attempts }) => count(attempts)),
          both(({ lagMs }) => (lagMs === null ? '-' : durationText(lagMs.p50))),
          both(({ lagMs }) => (lagMs === null ? '-' : durationText(lagMs.p99))),
        ]
      }),
    ],
    figuresFrom,
  )
  return [colors.bold(head), ...body]
}

function notesOn(result: WhatIf): string[] {
  const { retryAfters, unknownEndpoints } = result
  const notes = [controlNote(result), ...modelNotes]
  if (retryAfters > 0) {
    notes.push(
      `${count(retryAfters)} answers (429, 503) are taken to have asked for a pause: the recorded policy alone would`,
    )
    notes.push('not have waited as long.')
  }
  if (unknownEndpoints > 0) {
    notes.push(
      `${count(unknownEndpoints)} endpoints had no attempt in the log: they are taken to accept everything at once.`,
    )
  }
  return notes
}

const modelNotes = [
  'Model: at any moment an endpoint does what it did with the last recorded attempt before it, and takes as long; what it',
  'refused it refuses again. So a failure lasts until the next recorded attempt, and retries that come sooner than that are',
  'shown at their worst. How an endpoint bears more requests at once no log tells.',
]

/** How far the model is from what happened, when nothing is changed. */
function controlNote({ recorded, control }: WhatIf): string {
  const distances = rows
    .map((row) => ({ name: row.name, change: changeText(row.of(recorded), row.of(control), row.show) }))
    .filter(({ change }) => change !== '=' && change !== '')
  if (distances.length === 0) return 'Control: the same under the recorded policy comes out exactly as recorded.'
  const shown = distances.map(({ name, change }) => `${name} ${change}`).join(', ')
  return `Control: the same under the recorded policy differs from the record, and smaller changes mean nothing:\n${shown}.`
}
