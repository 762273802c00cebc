import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import type { StoredTotals, Swept } from '../log/stored-events.ts'
import type { Transition } from '../log/transition.ts'

/** Events by state. */
export type StatusCounts = Record<DeliveryStatus, number>

const openStatuses = ['pending', 'delivering', 'backoff'] as const
const settledStatuses = ['delivered', 'failed', 'deadLettered'] as const

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

  /** What a home told of itself: events ever submitted, attempts ever started, settled events kept, and how many wait. */
  recoverAll({ submitted, attempts, settled }: StoredTotals, waiting: number): void {
    this.submitted += submitted
    this.attempts += attempts
    for (const status of settledStatuses) this.events[status] += settled[status]
    this.events.pending += waiting
  }

  /** An event that was counted among the pending has come into memory, and is in another state. */
  foundAs(status: DeliveryStatus): void {
    this.events.pending -= 1
    this.events[status] += 1
  }

  /** The same event is out of memory again. */
  lostSightOf(status: DeliveryStatus): void {
    this.events[status] -= 1
    this.events.pending += 1
  }

  /** So many settled events were removed. */
  removed(counts: Swept['removed']): void {
    for (const status of settledStatuses) this.events[status] -= counts[status]
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
