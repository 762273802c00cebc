import type { StatusCounts } from './event/readings.ts'
import type { EndpointLanes } from './lane/endpoint-lanes.ts'
import { oldestPendingAtOf } from './lane/oldest-waiting.ts'
import type { OldestWaitingPorts } from './lane/oldest-waiting.ts'

/** What waits for one endpoint. */
export interface EndpointStats {
  /** Its events that are not settled, by state. One that waits on disk alone counts as `pending`. */
  readonly events: Pick<StatusCounts, 'pending' | 'delivering' | 'backoff'>
  /** Bytes of their bodies. */
  readonly pendingBytes: number
  /** Since when the one waits that has waited longest: it was submitted then, or redelivered. ISO 8601; null when none waits. */
  readonly oldestPendingAt: string | null
  /** Requests in flight. */
  readonly inFlight: number
}

export function describeBacklog(lanes: EndpointLanes, ports: OldestWaitingPorts): EndpointStats {
  const { events, bytes } = ports.capacity.backlogOf(lanes.endpoint.id) ?? { events: 0, bytes: 0 }
  const tried = { delivering: 0, backoff: 0 }
  // Only the first of a line was ever tried.
  for (const { waiting } of lanes) {
    const status = waiting.first?.state.value
    if (status === 'delivering' || status === 'backoff') tried[status] += 1
  }
  return {
    events: { pending: events - tried.delivering - tried.backoff, ...tried },
    pendingBytes: bytes,
    oldestPendingAt: events === 0 ? null : oldestPendingAtOf(lanes, ports),
    inFlight: lanes.inFlight,
  }
}
