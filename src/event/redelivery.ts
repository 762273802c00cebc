// Putting settled events back in line. It is one more step of the same event: same id, same place number, a fresh budget.
import type { Capacity } from '../admission/capacity.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import type { EndpointRegistry } from '../endpoint/endpoint-registry.ts'
import { laneKeyOf } from '../lane/lane-key.ts'
import type { LaneHost } from '../lane/lane-host.ts'
import type { EventRecord } from './event-record.ts'
import type { RetentionKeeper } from './retention-keeper.ts'

export interface RedeliveryPorts {
  readonly clock: Clock
  readonly endpoints: EndpointRegistry
  readonly retention: RetentionKeeper
  readonly capacity: Capacity
  readonly policyFor: LaneHost['policyFor']
}

export class Redelivery {
  readonly #ports: RedeliveryPorts

  constructor(ports: RedeliveryPorts) {
    this.#ports = ports
  }

  /** @throws EndpointNotFoundError, CapacityError */
  redeliver(record: EventRecord): void {
    const { endpoints, retention, capacity, clock } = this.#ports
    const lanes = endpoints.get(record.endpointId)
    const { eventType, ordering = 'fifo', orderingKey } = record.submitted.event
    const at = isoTime(clock.now())
    const budget = this.#ports.policyFor(lanes.endpoint, eventType).maxAttempts
    const event = { type: 'redelivery.requested', at, budget } as const
    if (record.lane !== null) {
      record.lane.step(record, event)
      return
    }
    // One that holds its line needs no room: with the limit used up behind it, nothing could ever make any.
    if (!retention.holdsLine(record)) capacity.checkRoom(1, record.bodyBytes)
    const heldLine = retention.release(record)
    const lane = lanes.laneAt(laneKeyOf(ordering, orderingKey, record.id))
    try {
      lane.step(record, event)
    } catch (error) {
      if (lane.waiting.size === 0) lanes.laneIdle(lane)
      if (heldLine) retention.pin(record)
      else retention.keep(record)
      throw error
    }
    capacity.take(record.bodyBytes)
  }

  /** All, oldest first; none when there is no room for all. @throws CapacityError */
  redeliverAll(records: readonly EventRecord[]): number {
    const bytes = records.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0)
    this.#ports.capacity.checkRoom(records.length, bytes)
    for (const record of records) this.redeliver(record)
    return records.length
  }
}
