import type { TransportParts } from '../transport-parts.ts'
import type { Mishaps, ProcessState } from '../process-state.ts'

/** What is left of a service that was shut down, and of the process around it. */
export interface Leftovers {
  readonly before: ProcessState
  readonly after: ProcessState
  readonly transport: TransportParts
  /** Timers of the service's clock that still run. */
  readonly timers: number
  readonly liveLanes: number
  readonly inFlight: number
  readonly undelivered: number
  /** What was not collected although nobody needs it: the service, its transport. */
  readonly held: readonly string[]
  readonly mishaps: Mishaps
}

/** Everything is as it was before the service was made. */
export function checkLeftovers(left: Leftovers): string[] {
  const counts = {
    ...prefixed('transport', left.transport),
    timers: left.timers,
    'live lanes': left.liveLanes,
    'requests in flight': left.inFlight,
    'undelivered events': left.undelivered,
    'unhandled rejections': left.mishaps.unhandledRejections.length,
    'uncaught exceptions': left.mishaps.uncaughtExceptions.length,
    'process warnings': left.mishaps.warnings.length,
  }
  return [
    ...Object.entries(counts)
      .filter(([, count]) => count !== 0)
      .map(([name, count]) => `${name}: ${count} are left`),
    ...difference('handle', left.before.handles, left.after.handles),
    ...difference('process listener', left.before.listeners, left.after.listeners),
    ...left.held.map((name) => `the ${name} is still held by something`),
    ...[...left.mishaps.unhandledRejections, ...left.mishaps.uncaughtExceptions].map(String),
    ...left.mishaps.warnings,
  ]
}

function prefixed(prefix: string, counts: TransportParts): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${prefix} ${name}`, count as number]))
}

function difference(
  what: string,
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(after)
    .filter(([name, count]) => count > (before[name] ?? 0))
    .map(([name, count]) => `${what} ${name}: ${before[name] ?? 0} before, ${count} after`)
}
