import { wrappedRows } from '../support/wrapped-rows.ts'
import type { SoakFlags } from './flags.ts'
import { countMistaken } from './rules/answers.ts'
import { heapGrowth } from './rules/bounds.ts'
import { countDuplicates } from './rules/duplicates.ts'
import type { Facts } from './facts.ts'
import type { ProcessState } from './process-state.ts'
import type { SoakResult } from './run-soak.ts'

const shownEach = 5

/** What a run did, in one table. */
export function describeRun(
  { seconds, seed, endpoints, rate }: SoakFlags,
  { remains, left, facts }: SoakResult,
): string {
  const { heap, gauges } = remains
  const [first, last] = [heap[0], heap.at(-1)]
  const rows: (readonly [string, string])[] = [
    ['seed', String(seed)],
    ['faults', `${seconds} s, ${endpoints} endpoints at once, ${remains.endpoints.length} in all, ${rate} events/s`],
    ['events', byName(countBy([...facts.events.values()].map(({ status }) => status)))],
    ['attempts ended', byName(outcomes(facts))],
    ['requests received', byName(countBy(facts.received.map(({ fault }) => fault)))],
    ['duplicates', String(countDuplicates(facts))],
    [
      'surplus answers',
      `${countBy(facts.received.map(({ fault }) => fault))['surplus'] ?? 0} late; mistaken for answers to later requests of the same endpoint: ${countMistaken(facts)}`,
    ],
    ['operations', byName(remains.operations)],
    ['drained after healing in', `${Math.round(remains.drainMs)} ms`],
    ...Object.entries(gauges).map(([name, { most, limit }]) => [`most ${name}`, `${most} of ${limit}`] as const),
    [
      'heap',
      `${mebibytes(first?.heapBytes)} first, ${mebibytes(last?.heapBytes)} last, ${mebibytes(heapGrowth(heap))} more over the second half`,
    ],
    ['RSS', `${mebibytes(first?.rssBytes)} first, ${mebibytes(last?.rssBytes)} last`],
    ['handles', `${handles(left.before)} before; ${handles(left.after)} after`],
  ]
  return wrappedRows(rows)
}

/** Every rule, and what broke it. */
export function describeViolations(violations: SoakResult['violations']): string {
  return Object.entries(violations)
    .flatMap(([rule, broken]) => [
      `${broken.length === 0 ? 'holds ' : 'BROKEN'}  ${rule}${broken.length > shownEach ? `: ${broken.length} times` : ''}`,
      ...broken.slice(0, shownEach).map((text) => `          ${text}`),
    ])
    .join('\n')
}

function outcomes({ events }: Facts): Record<string, number> {
  const ends = [...events.values()].flatMap(({ attempts }) => attempts.map(({ end }) => end))
  return countBy(ends.map((end) => (end !== null && 'failure' in end ? end.failure.reason : (end?.type ?? 'never'))))
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

function byName(counts: Readonly<Record<string, number>>): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const parts = Object.entries(counts).sort(([, one], [, other]) => other - one)
  return `${total}: ${parts.map(([name, count]) => `${count} ${name}`).join(', ')}`
}

function handles({ handles }: ProcessState): string {
  return Object.entries(handles)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}

function mebibytes(bytes = 0): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
