import type { ComponentChildren } from 'preact'
import { formatRoute } from '../route.ts'

export interface DeliveryLinkProps {
  readonly eventId: string
  readonly seq: number | null
  readonly children: ComponentChildren
}

/** Leads to another delivery, at the same moment. */
export function DeliveryLink({ eventId, seq, children }: DeliveryLinkProps) {
  return <a href={formatRoute({ eventId, seq })}>{children}</a>
}
