import { endpointRemovedFailure } from '../attempt/failure.ts'
import { abandonEvent } from './abandon-event.ts'
import type { AbandonPorts } from './abandon-event.ts'
import type { Leaving } from './removals.ts'
import type { Windows } from './windows.ts'

/** What waits in the log's home alone, beyond the lines' windows, for an endpoint that was removed. */
export class AbandonedBacklog implements Leaving {
  readonly endpointId: string
  readonly #windows: Windows
  readonly #ports: AbandonPorts
  /** Whatever joined up to here is settled. */
  #afterSeq = 0

  constructor(endpointId: string, windows: Windows, ports: AbandonPorts) {
    this.endpointId = endpointId
    this.#windows = windows
    this.#ports = ports
  }

  settle(most: number): number {
    let settled = 0
    for (let last = false; !last && settled < most;) {
      const page = this.#windows.read({
        endpointId: this.endpointId,
        afterSeq: this.#afterSeq,
        limit: most - settled,
      })
      for (const { record } of page.events) {
        this.#windows.adopt(record)
        try {
          abandonEvent(record, endpointRemovedFailure, this.#ports)
        } finally {
          this.#windows.giveUp(record)
        }
      }
      settled += page.events.length
      this.#afterSeq = page.lastSeq
      last = page.last
    }
    return settled < most ? settled + this.#settleUncommitted(most - settled) : settled
  }

  /** In the same turn of the event loop as the last page: what is committed after that is told of by another page. */
  #settleUncommitted(most: number): number {
    let settled = 0
    for (const record of this.#windows.beyond(this.endpointId)) {
      abandonEvent(record, endpointRemovedFailure, this.#ports)
      settled += 1
      if (settled === most) break
    }
    return settled
  }
}
