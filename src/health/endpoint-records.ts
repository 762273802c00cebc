import type { BreakerEvent, BreakerState } from '../../machines/breaker.ts'
import type { EndpointEvent, EndpointStatus } from '../../machines/endpoint.ts'
import type { Journal } from '../log/journal.ts'
import type { LogHome } from '../log/log-home.ts'
import type { EndpointTransition } from '../log/transition.ts'
import { breakerChart, endpointChart } from './charts.ts'

/** One step of an endpoint's own statecharts, about to be recorded. */
export type EndpointStep =
  | {
      readonly machine: 'endpoint'
      readonly event: EndpointEvent
      readonly from: EndpointStatus
      readonly to: EndpointStatus
    }
  | {
      readonly machine: 'breaker'
      readonly event: BreakerEvent
      readonly from: BreakerState
      readonly to: BreakerState
    }

const versions = { endpoint: endpointChart.version, breaker: breakerChart.version } as const

/** The records of endpoints' own steps. So many are kept of each endpoint and statechart; the oldest go first. */
export class EndpointRecords {
  readonly #journal: Journal
  readonly #log: LogHome
  readonly #limit: number
  /** The `seq` of each record kept, oldest first, by endpoint and machine. */
  readonly #kept = new Map<string, number[]>()

  constructor(journal: Journal, log: LogHome, limit: number) {
    this.#journal = journal
    this.#log = log
    this.#limit = limit
  }

  /** Throws what the log throws; nothing was recorded then. */
  append(endpointId: string, step: EndpointStep): void {
    const { seq } = this.#journal.stepEndpoint(endpointId, versions[step.machine], step)
    const key = keyOf(endpointId, step.machine)
    this.#keep(key, seq)
    this.#evict(key, this.#limit)
  }

  /** A record that was there before the service. One that no machine of this version wrote is left alone. */
  recover({ endpointId, machine, seq }: EndpointTransition): void {
    if (machine === versions.endpoint) this.#keep(keyOf(endpointId, 'endpoint'), seq)
    if (machine === versions.breaker) this.#keep(keyOf(endpointId, 'breaker'), seq)
  }

  /** The endpoint was removed. */
  forget(endpointId: string): void {
    for (const machine of ['endpoint', 'breaker'] as const) this.#evict(keyOf(endpointId, machine), 0)
  }

  #keep(key: string, seq: number): void {
    const kept = this.#kept.get(key)
    if (kept === undefined) this.#kept.set(key, [seq])
    else kept.push(seq)
  }

  #evict(key: string, limit: number): void {
    const kept = this.#kept.get(key)
    if (kept === undefined) return
    while (kept.length > limit) {
      try {
        this.#log.evictEndpointRecord(kept[0] ?? 0)
      } catch {
        // What could not be forgotten must not stop what is to be delivered. It goes with the next one.
        return
      }
      kept.shift()
    }
    if (kept.length === 0) this.#kept.delete(key)
  }
}

function keyOf(endpointId: string, machine: EndpointStep['machine']): string {
  return `${machine} ${endpointId}`
}
