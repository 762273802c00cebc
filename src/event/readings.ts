import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import type { Transition } from '../log/transition.ts'

/** Events by state. */
export type StatusCounts = Record<DeliveryStatus, number>

const openStatuses = ['pending', 'delivering', 'backoff'] as const

/** Running totals, read off the log record by record; what is counted here is never decided anywhere else. */
export class Readings {
  /** Events kept, by state. */
  readonly events: StatusCounts = { pending: 0, delivering: 0, backoff: 0, delivered: 0, failed: 0, deadLettered: 0 }
  submitted = 0
  attempts = 0

  read(transition: Transition): void {
    const { from, to } = transition
    if (from === null) this.submitted += 1
    else this.events[from] -= 1
    this.events[to] += 1
    if (to === 'delivering') this.attempts += 1
  }

  /** An event of a log that was there before the service. */
  recover({ value, context }: RestingDelivery): void {
    this.submitted += 1
    this.attempts += context.attempts
    this.events[value] += 1
  }

  /** An event was evicted; `status` was its last state. */
  forget(status: DeliveryStatus): void {
    this.events[status] -= 1
  }

  /** Events not settled. */
  get open(): number {
    let open = 0
    for (const status of openStatuses) open += this.events[status]
    return open
  }
}
