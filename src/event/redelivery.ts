// Putting settled events back in line. It is one more step of the same event: same id, same place number, a fresh budget.
import type { DeliveryEvent } from '../../machines/delivery.ts'
import type { Capacity } from '../admission/capacity.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import type { EndpointRegistry } from '../endpoint/endpoint-registry.ts'
import type { EndpointLanes } from '../lane/endpoint-lanes.ts'
import { laneKeyOf } from '../lane/lane-key.ts'
import type { LaneHost } from '../lane/lane-host.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import type { EventRecord } from './event-record.ts'
import type { EventStore } from './event-store.ts'
import type { SettledEvents } from './retention-keeper.ts'

export interface RedeliveryPorts {
  readonly clock: Clock
  readonly endpoints: EndpointRegistry
  readonly store: EventStore
  readonly retention: SettledEvents
  readonly capacity: Capacity
  readonly policyFor: LaneHost['policyFor']
  readonly windows: LaneHost['windows']
}

export class Redelivery {
  readonly #ports: RedeliveryPorts

  constructor(ports: RedeliveryPorts) {
    this.#ports = ports
  }

  /** @throws EndpointNotFoundError, CapacityError */
  redeliver(given: EventRecord): void {
    const { endpoints, store, retention, capacity, clock } = this.#ports
    // What was read back may have come into memory since.
    const record = store.inMemory(given.id) ?? given
    const lanes = endpoints.get(record.endpointId)
    const { eventType } = record.submitted.event
    const at = isoTime(clock.now())
    const budget = this.#ports.policyFor(lanes.endpoint, eventType).maxAttempts
    const event = { type: 'redelivery.requested', at, budget } as const
    if (record.lane !== null) {
      record.lane.step(record, event)
      return
    }
    if (!isSettled(record.resting.value)) {
      // In a line that memory has not come to: what backs off there is tried as soon as it does.
      if (record.resting.value === 'backoff') this.#step(record, lanes, event)
      return
    }
    // One that holds its line needs no room: with the limit used up behind it, nothing could ever make any.
    if (!retention.holdsLine(record)) capacity.checkRoom(1, record.bodyBytes)
    const heldLine = retention.release(record)
    try {
      this.#step(record, lanes, event)
    } catch (error) {
      if (heldLine) retention.pin(record)
      else retention.keep(record)
      throw error
    }
    capacity.take(record.endpointId, record.bodyBytes)
  }

  /** All, oldest first; none when there is no room for all. @throws CapacityError */
  redeliverAll(records: readonly EventRecord[]): number {
    const bytes = records.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0)
    this.#ports.capacity.checkRoom(records.length, bytes)
    for (const record of records) this.redeliver(record)
    return records.length
  }

  #step(record: EventRecord, lanes: EndpointLanes, event: DeliveryEvent): void {
    const { windows } = this.#ports
    const { ordering = 'fifo', orderingKey } = record.submitted.event
    const lane = lanes.laneAt(laneKeyOf(ordering, orderingKey, record.id))
    windows?.adopt(record)
    try {
      lane.step(record, event)
    } catch (error) {
      windows?.giveUp(record)
      if (lane.waiting.size === 0) lanes.laneIdle(lane)
      throw error
    }
  }
}
