import { createHash } from 'node:crypto'
import { allRules } from './all-rules.ts'
import type { History, RequestHistory } from './history.ts'
import { countDuplicates } from './rules/duplicates.ts'
import type { Facts } from './rules/rule.ts'
import { Simulation } from './simulation.ts'
import { resolveSimulation } from './simulation-options.ts'
import type { SimulationOptions } from './simulation-options.ts'
import type { SimulationReport } from './simulation-report.ts'

const crashKinds = [
  'crashesBeforeAppend',
  'crashesAfterAppend',
  'crashesAtCommit',
  'crashesAfterSend',
  'crashesAtRest',
] as const

/**
 * Runs the real service in a simulated world: virtual time, scripted endpoints, a network and a log that fail, processes
 * that die. When the world is healed again everything has to settle, and the whole history is held against what hookline
 * promises. No real time passes and nothing is sent; the same seed and options give the same run.
 *
 * @throws InvalidOptionError
 */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const resolved = resolveSimulation(options)
  const simulation = new Simulation(resolved)
  await simulation.run()
  const { history, clock } = simulation
  judge({ history, settings: resolved.settings, kept: simulation.kept() })
  const states = [...history.events.values()].map(({ state }) => state.value)
  const count = (status: string): number => states.filter((value) => value === status).length
  return {
    seed: resolved.seed,
    ok: history.violations.length === 0,
    violations: history.violations,
    faults: history.faults,
    crashes: crashKinds.reduce((sum, kind) => sum + history.faults[kind], 0),
    restarts: history.lives.length - 1,
    endpoints: resolved.endpoints.length,
    events: states.length,
    attempts: history.records.filter(({ record }) => record.event.type === 'attempt.started').length,
    requests: history.requests.length,
    duplicates: countDuplicates(history.events.values()),
    delivered: count('delivered'),
    failed: count('failed'),
    deadLettered: count('deadLettered'),
    virtualMs: clock.elapsedMs,
    fingerprint: fingerprintOf(history),
    log: history.records.map(({ record }) => record),
  }
}

function judge(facts: Facts): void {
  for (const { name, check } of allRules) for (const finding of check(facts)) facts.history.found(name, finding)
}

function fingerprintOf({ records, requests }: History): string {
  const hash = createHash('sha256')
  for (const { text, elapsedMs } of records) hash.update(`${elapsedMs} ${text}\n`)
  for (const request of requests) hash.update(lineOf(request))
  return hash.digest('hex')
}

function lineOf({
  eventId,
  attempt,
  headers,
  body,
  sentMs,
  arrivedTick,
  status,
  result,
  resultMs,
}: RequestHistory): string {
  return `${JSON.stringify([eventId, attempt, headers, body, sentMs, arrivedTick, status, result, resultMs])}\n`
}
