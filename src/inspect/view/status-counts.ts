import type { DeliveryStatus } from '../../../machines/delivery.ts'
import type { StatusCounts } from './view-source.ts'

export const deliveryStatuses = ['pending', 'delivering', 'backoff', 'delivered', 'failed', 'deadLettered'] as const

export type MutableCounts = Record<DeliveryStatus, number>

export function noCounts(): MutableCounts {
  return { pending: 0, delivering: 0, backoff: 0, delivered: 0, failed: 0, deadLettered: 0 }
}

export function addCounts(counts: MutableCounts, added: StatusCounts): void {
  for (const status of deliveryStatuses) counts[status] += added[status]
}

/** How many events are not settled. */
export function unsettledOf({ pending, delivering, backoff }: StatusCounts): number {
  return pending + delivering + backoff
}
