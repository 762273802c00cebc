// A service restarted on a home that finds events by itself. It reads how many wait for whom and how the endpoints were, and
// not the history: what waits comes into memory when an endpoint is back, and then line by line.
import type { Capacity } from '../admission/capacity.ts'
import type { Ordering } from '../endpoint/endpoint-options.ts'
import { DivergenceError } from '../errors/errors.ts'
import type { Readings } from '../event/readings.ts'
import type { EndpointRecords } from '../health/endpoint-records.ts'
import type { AbandonPorts } from '../lane/abandon-event.ts'
import { AbandonedBacklog } from '../lane/abandoned-backlog.ts'
import type { EndpointLanes } from '../lane/endpoint-lanes.ts'
import type { Leaving, Removals } from '../lane/removals.ts'
import type { Windows } from '../lane/windows.ts'
import type { ReadableLog } from '../log/merged-records.ts'
import type { StoredEvents } from '../log/stored-events.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { foldEndpoint } from '../replay/fold-endpoint.ts'
import type { FoldedEndpoint } from '../replay/fold-endpoint.ts'
import type { Comeback } from './recovery.ts'

export interface StoredRecoveryPorts extends AbandonPorts {
  readonly readings: Readings
  readonly capacity: Capacity
  readonly endpointRecords: EndpointRecords
  readonly removals: Pick<Removals, 'resume'>
}

const untouched: FoldedEndpoint = { endpoint: null, breaker: null }

export class StoredRecovery implements Comeback {
  readonly #stored: StoredEvents
  readonly #windows: Windows
  readonly #ports: StoredRecoveryPorts
  /** By endpoint, of those that are not registered again yet: how each was, and whether anything waits for it. */
  readonly #health = new Map<string, FoldedEndpoint>()
  readonly #waiting = new Set<string>()
  readonly #diverged = new Map<string, DivergenceError>()

  constructor(stored: StoredEvents, windows: Windows, ports: StoredRecoveryPorts) {
    this.#stored = stored
    this.#windows = windows
    this.#ports = ports
  }

  takeUp(log: ReadableLog): void {
    const { readings, capacity } = this.#ports
    let waiting = 0
    for (const { endpointId, events, bytes } of this.#stored.backlogs()) {
      waiting += events
      if (events > 0) capacity.take(endpointId, bytes, events)
      this.#waiting.add(endpointId)
    }
    readings.recoverAll(this.#stored.totals(), waiting)
    this.#foldEndpoints(log)
    const removed = Array.from(this.#health).filter(([, { endpoint }]) => endpoint?.value === 'removed')
    this.#ports.removals.resume(removed.map(([endpointId]) => this.#leavingOf(endpointId)))
  }

  awaits(endpointId: string): boolean {
    return this.#health.has(endpointId) || this.#waiting.has(endpointId) || this.#diverged.has(endpointId)
  }

  prepare(endpointId: string, ordering: Ordering | null): void {
    const diverged = this.#diverged.get(endpointId)
    if (diverged !== undefined) throw diverged
    if (ordering === null) return
    const needed = this.#orderingOf(endpointId)
    if (needed === null || needed === ordering) return
    refuseOption('ordering', `must be '${needed}', in which events of endpoint ${endpointId} wait`, ordering)
  }

  comeBack(lanes: EndpointLanes): void {
    const { id } = lanes.endpoint
    const health = this.#health.get(id) ?? untouched
    this.#health.delete(id)
    lanes.takeUpStored(health, this.#waiting.delete(id))
  }

  #foldEndpoints(log: ReadableLog): void {
    for (const record of log.endpointEntries?.() ?? []) {
      const { endpointId } = record
      this.#ports.endpointRecords.recover(record)
      if (this.#diverged.has(endpointId)) continue
      try {
        this.#health.set(endpointId, foldEndpoint(this.#health.get(endpointId), record))
      } catch (error) {
        if (!(error instanceof DivergenceError)) throw error
        this.#diverged.set(endpointId, error)
      }
    }
  }

  /** The ordering in which events wait for the endpoint; null when none does. */
  #orderingOf(endpointId: string): Ordering | null {
    for (let afterSeq = 0; this.#waiting.has(endpointId);) {
      const { events, lastSeq, last } = this.#windows.read({ endpointId, afterSeq, limit: 1 })
      const [first] = events
      if (first !== undefined) return first.record.submitted.event.ordering ?? 'fifo'
      if (last) this.#waiting.delete(endpointId)
      afterSeq = lastSeq
    }
    return null
  }

  /** The process ended while the endpoint was being removed. */
  #leavingOf(endpointId: string): Leaving {
    const backlog = new AbandonedBacklog(endpointId, this.#windows, this.#ports)
    return {
      endpointId,
      settle: (most) => {
        const settled = backlog.settle(most)
        if (settled < most) this.#left(endpointId)
        return settled
      },
    }
  }

  #left(endpointId: string): void {
    this.#waiting.delete(endpointId)
    this.#health.delete(endpointId)
    this.#ports.endpointRecords.forget(endpointId)
  }
}
