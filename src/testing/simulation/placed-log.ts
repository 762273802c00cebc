// The log of a simulated world in a place that outlives its processes: what of it is durable, and what a crash took.
import type { Clock } from '../../clock/clock.ts'
import type { LogHome } from '../../log/log-home.ts'
import { mergedRecords } from '../../log/merged-records.ts'
import type { StoredEndpoint } from '../../log/stored-endpoints.ts'
import type { LogRecord } from '../../log/transition.ts'
import type { Fate } from './fate.ts'
import type { History } from './history.ts'
import type { LogPlace } from './log-place.ts'
import { PlacedLogOfLife } from './placed-log-of-life.ts'
import type { ProcessLife } from './process-life.ts'
import type { SeededSource } from './seeded-source.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedEndpoint } from './simulated-endpoint.ts'
import type { SimulatedLog } from './simulated-log.ts'

/** A commit comes so much later at most than what it is for was appended. */
export const slowestCommitMs = 30

export interface PlacedLogParts {
  readonly place: LogPlace
  readonly log: SimulatedLog
  readonly history: History
  readonly clock: SimulatedClock
  readonly fate: Fate
  readonly draws: SeededSource
}

export class PlacedLog {
  readonly #parts: PlacedLogParts
  #home: LogHome | null = null

  constructor(parts: PlacedLogParts) {
    this.#parts = parts
  }

  /** The home that is open, or was last. */
  get home(): LogHome | null {
    return this.#home
  }

  /** Whether it takes whatever it is given just now. */
  get writable(): boolean {
    return (this.#home?.condition ?? 'writable') === 'writable'
  }

  /** The log as one life of the process has it. The history is put right first: what the crash took never was. */
  open(life: ProcessLife, clockOfLife: Clock): LogHome {
    const { place, log, fate } = this.#parts
    const home = place.open({
      schedule: (commit) => this.#schedule(life, commit),
      clock: clockOfLife,
      isFull: () => fate.diskIsFull,
    })
    this.#home = home
    life.atDeath(() => place.crash())
    log.survived([...mergedRecords(home)])
    return new PlacedLogOfLife(life, home, log, fate)
  }

  /** What it keeps of endpoints, by id, as the home tells it. */
  storedEndpoints(): ReadonlyMap<string, StoredEndpoint> {
    const all = this.#home?.storedEndpoints?.all() ?? []
    return new Map(all.map((endpoint) => [endpoint.endpointId, endpoint]))
  }

  /** Its owner has changed how `endpoint` is registered, which will be durable. */
  noteDurable(endpoint: SimulatedEndpoint): void {
    if (this.#home?.storedEndpoints === undefined) return
    const { wanted } = endpoint
    endpoint.sinceDurable.push(wanted)
    this.whenDurable(() => {
      endpoint.durable = wanted
      endpoint.sinceDurable.splice(0, endpoint.sinceDurable.indexOf(wanted) + 1)
    })
  }

  /** Calls `act` once all that was appended is durable; never, if the process dies before. */
  whenDurable(act: () => void): void {
    this.#home?.afterCommit?.((error) => {
      if (error === null) act()
    })
  }

  /** What is left once no process has it open any more. */
  end(clock: Clock): readonly LogRecord[] {
    const { place } = this.#parts
    // A service that is still being shut down has it open.
    place.crash()
    const home = place.open({ schedule: () => undefined, clock, isFull: () => false })
    const records = [...mergedRecords(home)]
    place.crash()
    place.dispose()
    return records
  }

  #schedule(life: ProcessLife, commit: () => void): void {
    const { clock, fate, draws } = this.#parts
    const delayMs = draws.chance(0.2) ? draws.whole(1, slowestCommitMs) : 0
    clock.in(fate.healed ? 0 : delayMs, () => {
      if (!life.alive) return
      fate.beforeCommit()
      if (!life.alive) return
      commit()
      fate.afterCommit()
    })
  }
}
