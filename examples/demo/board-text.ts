import { colors } from './colors.ts'
import type { Promised } from './verdict.ts'
import type { DemoResult } from './start-demo.ts'
import type { Scoreboard, ScoreRow, ScoreTotals } from './scoreboard.ts'

/** The widest line of the board. */
export const boardColumns = 74

const barLength = 20

/** The whole board: a line for each endpoint, then the totals. */
export function boardLines(scoreboard: Scoreboard, elapsedMs: number): string[] {
  const heading = `${'endpoint'.padEnd(10)}${'delivered'.padEnd(barLength + 10)}${'retries'.padStart(7)}${'next'.padStart(7)}   now`
  return [colors.dim(heading), ...scoreboard.rows.map(rowLine), '', totalsLine(scoreboard.totals(), elapsedMs)]
}

/** The totals alone, for where the board cannot be drawn. */
export function totalsLine(totals: ScoreTotals, elapsedMs: number): string {
  const { submitted, delivered, retries, lost, inFlight, backoff } = totals
  const parts = [
    `${(elapsedMs / 1000).toFixed(1).padStart(4)} s`,
    colors.bold(`${String(delivered).padStart(String(submitted).length)}/${submitted} delivered`),
    `${String(retries).padStart(3)} retries`,
    `${String(backoff).padStart(2)} in backoff`,
    `${String(inFlight).padStart(2)} in flight`,
  ]
  if (lost > 0) parts.push(colors.red(`${lost} lost`))
  return parts.join('   ')
}

/** What happened, for those who like to count. */
export function factLines({ retries, merchant, records, elapsedMs }: DemoResult): string[] {
  const { received, accepted, failed, hung, duplicates } = merchant
  const facts: [string, string][] = [
    ['requests', `${received}: ${accepted} accepted, ${failed} failed, ${hung} never answered`],
    ['retries', String(retries)],
    ['accepted twice', `${duplicates} (delivery is at least once)`],
    ['log records', String(records)],
    ['time', `${(elapsedMs / 1000).toFixed(1)} s`],
  ]
  return facts.map(([what, got]) => `  ${what.padEnd(26)}  ${got}`)
}

/** What was promised, and what came of it. */
export function verdictLines(verdict: readonly Promised[]): string[] {
  return verdict.map(({ what, got, kept }) => {
    return `  ${what.padEnd(26)}  ${(kept ? colors.green : colors.red)(got)}  ${kept ? '' : colors.red(colors.bold('BROKEN'))}`.trimEnd()
  })
}

function rowLine(row: ScoreRow): string {
  const { name, submitted, delivered, lost, retries, state } = row
  const filled = submitted === 0 ? 0 : Math.round((delivered / submitted) * barLength)
  const bar = colors.green('█'.repeat(filled)) + colors.dim('░'.repeat(barLength - filled))
  const count = `${delivered}/${submitted}`.padStart(6).padEnd(9)
  const next = state === 'done' ? '-' : `#${delivered + lost + 1}`
  return `${name.padEnd(10)}${bar} ${count}${String(retries).padStart(7)}${next.padStart(7)}   ${nowText(row)}`
}

function nowText({ state, attempts }: ScoreRow): string {
  switch (state) {
    case 'inFlight':
      return colors.cyan(attempts === 1 ? 'in flight' : `in flight, try ${attempts}`)
    case 'backoff':
      return colors.yellow(`backoff after try ${attempts}`)
    case 'waiting':
      return 'next in line'
    case 'done':
      return colors.green('done')
  }
}
