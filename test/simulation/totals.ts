import { wrappedRows } from '../support/wrapped-rows.ts'
import type { SimulationReport } from '../../src/testing/index.ts'

const hourMs = 3_600_000
const counted = [
  'events',
  'attempts',
  'requests',
  'delivered',
  'failed',
  'deadLettered',
  'duplicates',
  'crashes',
  'restarts',
  'virtualMs',
] as const satisfies readonly (keyof SimulationReport)[]

/** What many runs did, added up. */
export class Totals {
  seeds = 0
  readonly failing: number[] = []
  readonly #sums: Record<(typeof counted)[number], number> = {
    events: 0,
    attempts: 0,
    requests: 0,
    delivered: 0,
    failed: 0,
    deadLettered: 0,
    duplicates: 0,
    crashes: 0,
    restarts: 0,
    virtualMs: 0,
  }
  readonly #faults: Record<string, number> = {}
  readonly #violations: Record<string, number> = {}

  add(report: SimulationReport): void {
    this.seeds += 1
    if (!report.ok) this.failing.push(report.seed)
    for (const name of counted) this.#sums[name] += report[name]
    for (const [kind, count] of Object.entries(report.faults)) this.#faults[kind] = (this.#faults[kind] ?? 0) + count
    for (const { rule } of report.violations) this.#violations[rule] = (this.#violations[rule] ?? 0) + 1
  }

  get text(): string {
    const { events, requests, delivered, failed, deadLettered, duplicates, crashes, restarts, virtualMs } = this.#sums
    const rows: (readonly [string, string])[] = [
      ['seeds', String(this.seeds)],
      ['virtual time', `${(virtualMs / hourMs).toFixed(1)} hours`],
      ['events', `${events}: ${delivered} delivered, ${failed} failed, ${deadLettered} dead-lettered`],
      ['requests', `${requests}, of which ${duplicates} were accepted before`],
      ['crashes', `${crashes}; ${restarts} restarts on the log in all`],
      ['faults', byName(this.#faults)],
      ['violations', byName(this.#violations)],
    ]
    return wrappedRows(rows)
  }
}

function byName(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}
