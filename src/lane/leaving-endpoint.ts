import { endpointRemovedFailure } from '../attempt/failure.ts'
import { isoTime } from '../clock/iso-time.ts'
import { AbandonedBacklog } from './abandoned-backlog.ts'
import type { EndpointLanes } from './endpoint-lanes.ts'
import type { LaneHost } from './lane-host.ts'
import type { Lane } from './lane.ts'
import type { Leaving } from './removals.ts'

/** An endpoint that is being removed. From the first call on no attempt of it starts; with the last it has let go of everything. */
export class LeavingEndpoint implements Leaving {
  readonly endpointId: string
  readonly #lanes: EndpointLanes
  readonly #host: LaneHost
  /** Null where memory holds all that waits. */
  readonly #beyond: AbandonedBacklog | null

  constructor(lanes: EndpointLanes, host: LaneHost) {
    this.endpointId = lanes.endpoint.id
    this.#lanes = lanes
    this.#host = host
    this.#beyond = host.windows === null ? null : new AbandonedBacklog(this.endpointId, host.windows, host)
  }

  settle(most: number): number {
    if (!this.#lanes.health.removed) {
      this.#lanes.health.remove()
      this.#lanes.abortAttempts()
    }
    let settled = 0
    for (const lane of this.#lanes) {
      settled += this.#abandon(lane, most - settled)
      if (settled === most) return settled
    }
    settled += this.#beyond?.settle(most - settled) ?? 0
    if (settled < most) this.#letGo()
    return settled
  }

  /** From the back, so that nothing moves up meanwhile. */
  #abandon(lane: Lane, most: number): number {
    const at = isoTime(this.#host.clock.now())
    let settled = 0
    for (let record = lane.waiting.last; record !== null; record = lane.waiting.last) {
      if (settled === most) return settled
      const taken = lane.step(record, { type: 'event.abandoned', at, failure: endpointRemovedFailure })
      // One that hookline's own code fails on is stopped alone; the others are settled all the same.
      if (!taken && lane.waiting.last === record) return settled
      settled += 1
    }
    if (settled === most) return settled
    if (lane.haltedBy !== null) settled += 1
    lane.release()
    lane.rest()
    return settled
  }

  #letGo(): void {
    this.#lanes.letGo()
    // Last: while they are there, a restart knows that the endpoint is being removed.
    this.#host.endpointRecords.forget(this.endpointId)
  }
}
