import type { DeliveryStatus } from '../../../../machines/delivery.ts'

export const statusNames: Readonly<Record<DeliveryStatus, string>> = {
  pending: 'Pending',
  delivering: 'Delivering',
  backoff: 'Backoff',
  delivered: 'Delivered',
  failed: 'Failed',
  deadLettered: 'Dead letter',
}

/** Told apart by shape, not only by colour. */
const shapes: Readonly<Record<DeliveryStatus, string>> = {
  pending: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z',
  delivering: 'M3 8h9M8.5 4.5 12 8l-3.5 3.5',
  backoff: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3.2l2 1.6',
  delivered: 'M3 8.5 6.5 12 13 4.5',
  failed: 'M4 4l8 8M12 4l-8 8',
  deadLettered: 'M2.5 4.5h11v8h-11zM2.5 5l5.5 4.5L13.5 5',
}

export function StatusMark({ status }: { readonly status: DeliveryStatus }) {
  return (
    <svg class={`mark ${status}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[status]} />
    </svg>
  )
}

export function StatusBadge({ status }: { readonly status: DeliveryStatus }) {
  return (
    <span class={`badge ${status}`} data-status={status}>
      <StatusMark status={status} />
      {statusNames[status]}
    </span>
  )
}
