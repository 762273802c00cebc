import { countDuplicates } from '../soak/rules/duplicates.ts'
import { wrappedRows } from '../support/wrapped-rows.ts'
import type { Evidence } from './evidence.ts'
import type { Violations } from './judge.ts'
import type { KillRun } from './parts/kills.ts'
import type { PartResult } from './parts/torture-part.ts'
import { countUnnoticed } from './rules/duplicates-by-kills.ts'
import type { Rig } from './rig.ts'

const shownEach = 5

export type Rows = (readonly [name: string, text: string])[]

/** What every part of the torture has to tell. */
export function evidenceRows(evidence: Evidence, rig: Rig): Rows {
  const { submissions, facts, arrivals, deaths, redelivered } = evidence
  const acknowledged = submissions.filter(({ fate }) => fate === 'acknowledged')
  const again = submissions.filter(({ asked }) => asked > 1).length
  const lost = acknowledged.filter(({ eventId }) => eventId === null || !facts.events.has(eventId)).length
  const interrupted = deaths.reduce((sum, { open }) => sum + open.length, 0)
  return [
    ['driver', `${rig.driverName}, Node ${process.version}`],
    ['submissions', `${byName(countBy(submissions.map(({ fate }) => fate)))}; ${again} submitted again`],
    ['acknowledged events lost', String(lost)],
    ['events', byName(countBy([...facts.events.values()].map(({ status }) => status)))],
    ['requests received', byName(countBy(arrivals.map(({ fault }) => fault)))],
    ['requests in flight at a death', String(interrupted)],
    ['duplicates', String(countDuplicates(facts))],
    ['accepted, and cut off or not noticed', byName(countUnnoticed(evidence))],
    ['redeliveries acknowledged', String(redelivered.size)],
    ['events removed by retention', String(rig.archive.swept)],
    ['calls refused', byName(rig.ledger.refusals)],
  ]
}

export function killRows(run: KillRun, evidence: Evidence, rig: Rig): Rows {
  return [
    ['kills', `${byName(run.kills)}, in ${Math.round(run.killingMs / 1000)} s`],
    ...evidenceRows(evidence, rig),
    ['process started to ready', percentiles(run.readyMs)],
    ['file opened to ready', percentiles(run.openingMs)],
    ['drained after healing in', run.drainMs === null ? 'never' : `${Math.round(run.drainMs)} ms`],
    ['places not passed', run.notPassed.length === 0 ? 'none' : run.notPassed.join(', ')],
  ]
}

/** A table, and every rule with what broke it. */
export function describePart({ title, rows, violations }: PartResult): string {
  return `${title}\n\n${wrappedRows(rows)}\n\n${describeViolations(violations)}\n`
}

export function countBroken(violations: Violations): number {
  return Object.values(violations).filter((texts) => texts.length > 0).length
}

function describeViolations(violations: Violations): string {
  return Object.entries(violations)
    .flatMap(([rule, broken]) => [
      `${broken.length === 0 ? 'holds ' : 'BROKEN'}  ${rule}${broken.length > shownEach ? `: ${broken.length} times` : ''}`,
      ...broken.slice(0, shownEach).map((text) => `          ${text}`),
    ])
    .join('\n')
}

export function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

export function byName(counts: Readonly<Record<string, number>>): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const parts = Object.entries(counts).sort(([, one], [, other]) => other - one)
  return `${total}: ${parts.map(([name, count]) => `${count} ${name}`).join(', ')}`
}

function percentiles(values: readonly number[]): string {
  const sorted = [...values].sort((one, other) => one - other)
  const at = (share: number): string => `${(sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1)} ms`
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`
}
