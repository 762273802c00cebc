// A service restarted on a home that finds events by itself. It reads how many wait for whom and how the endpoints were, and
// not the history: what waits comes into memory when an endpoint is back, and then line by line.
import type { Capacity } from '../admission/capacity.ts'
import { endpointRemovedFailure } from '../attempt/failure.ts'
import type { Ordering } from '../endpoint/endpoint-options.ts'
import { DivergenceError } from '../errors/errors.ts'
import type { Readings } from '../event/readings.ts'
import type { EndpointRecords } from '../health/endpoint-records.ts'
import { abandonBacklog } from '../lane/abandon-backlog.ts'
import type { AbandonPorts } from '../lane/abandon-backlog.ts'
import type { EndpointLanes } from '../lane/endpoint-lanes.ts'
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
    for (const endpointId of this.#waiting) {
      try {
        this.#finishRemoval(endpointId)
      } catch {
        // What the log does not take now is offered again with the endpoint's id, or at the next start.
      }
    }
  }

  awaits(endpointId: string): boolean {
    return this.#health.has(endpointId) || this.#waiting.has(endpointId) || this.#diverged.has(endpointId)
  }

  prepare(endpointId: string, ordering: Ordering | null): void {
    const diverged = this.#diverged.get(endpointId)
    if (diverged !== undefined) throw diverged
    this.#finishRemoval(endpointId)
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

  /** Where the process ended while the endpoint was being removed, the rest of its events are abandoned now. */
  #finishRemoval(endpointId: string): void {
    if (this.#health.get(endpointId)?.endpoint?.value !== 'removed') return
    if (this.#waiting.has(endpointId)) {
      abandonBacklog(endpointId, endpointRemovedFailure, this.#ports, this.#windows)
      this.#waiting.delete(endpointId)
    }
    this.#health.delete(endpointId)
    this.#ports.endpointRecords.forget(endpointId)
  }
}
