import type { DeliveryStatus } from '../../machines/delivery.ts'

/** Those an event passes through first, then those in which it is settled. A status is kept as its place here. */
export const deliveryStatuses = [
  'pending',
  'delivering',
  'backoff',
  'delivered',
  'failed',
  'deadLettered',
] as const satisfies readonly DeliveryStatus[]

const numbers: ReadonlyMap<string, number> = new Map(deliveryStatuses.map((status, code) => [status, code]))

/** In place of the status before an event's first record. */
const noStatus = 7

export function statusCode(status: string | null): number {
  return status === null ? noStatus : (numbers.get(status) ?? noStatus)
}

/** Whether an event in a status waits in line, or is the one whose turn it is. */
export function isInLine(code: number): boolean {
  return code < 3
}
