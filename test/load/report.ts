import { percentileOf } from '../../bench/measure/statistics.ts'
import { wrappedRows } from '../support/wrapped-rows.ts'
import type { Seen, Violations } from './rules.ts'
import type { CalmLoad, KilledLoad } from './run-load.ts'

const wantedP95Ms = 50
const wantedStartMs = 2000
const shownEach = 5

export function describeCalm(load: CalmLoad): string {
  const { submissions, arrivals, before, after, startMs, peakBytes } = load
  const latencies = submissions.map(({ dueMs, acknowledgedMs }) => (acknowledgedMs ?? Infinity) - dueMs)
  const cpuMicros = ((after.cpuSeconds - before.cpuSeconds) * 1e6) / submissions.length
  return wrappedRows([
    ['start to ready', `${Math.round(startMs)} ms; wanted: under ${wantedStartMs} ms`],
    ['events', `${submissions.length} submitted, ${arrivals.length} requests received`],
    ['due to acknowledged', percentiles(latencies)],
    [
      'wanted',
      `p95 under ${wantedP95Ms} ms: ${percentileOf(latencies, 0.95) < wantedP95Ms ? 'yes' : 'no, on this machine now'}`,
    ],
    ['due to delivered', percentiles(lags(load))],
    ['delivered per second', String(Math.round(perSecond(load)))],
    ['CPU of the server per event', `${cpuMicros.toFixed(0)} µs, submission and delivery together`],
    ['memory of the server', `${megabytes(after.residentBytes)}, at most ${megabytes(peakBytes)}`],
  ])
}

export function describeKilled({ submissions, arrivals, kills, startsMs }: KilledLoad): string {
  const again = submissions.filter(({ refusals }) => refusals.length > 0).length
  const delivered = new Set(arrivals.map(({ number }) => number)).size
  return wrappedRows([
    ['kills', String(kills)],
    ['started to ready', percentiles(startsMs)],
    ['events', `${submissions.length} submitted, ${again} of them more than once for want of an answer`],
    ['delivered', `${delivered} events, ${arrivals.length - delivered} of the requests received were repetitions`],
  ])
}

export function describeRules(violations: Violations): string {
  return Object.entries(violations)
    .flatMap(([rule, broken]) => [
      `${broken.length === 0 ? 'holds ' : 'BROKEN'}  ${rule}${broken.length > shownEach ? `: ${broken.length} times` : ''}`,
      ...broken.slice(0, shownEach).map((text) => `          ${text}`),
    ])
    .join('\n')
}

export function countBroken(violations: Violations): number {
  return Object.values(violations).filter((broken) => broken.length > 0).length
}

function lags({ submissions, arrivals }: Seen): number[] {
  const due = new Map(submissions.map(({ number, dueMs }) => [number, dueMs]))
  return arrivals.map(({ number, atMs }) => atMs - (due.get(number ?? -1) ?? NaN))
}

function perSecond({ arrivals }: Seen): number {
  const [first, last] = [arrivals[0]?.atMs ?? NaN, arrivals.at(-1)?.atMs ?? NaN]
  return (arrivals.length * 1000) / (last - first)
}

function percentiles(values: readonly number[]): string {
  const at = (share: number): string => `${percentileOf(values, share).toFixed(1)} ms`
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, most ${at(1)}`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`
}
