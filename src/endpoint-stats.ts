import type { StatusCounts } from './event/readings.ts'
import type { SettledEvents } from './event/retention-keeper.ts'
import type { EndpointLanes } from './lane/endpoint-lanes.ts'
import type { EndpointTotals } from './lane/endpoint-totals.ts'
import { oldestPendingAtOf } from './lane/oldest-waiting.ts'
import type { OldestWaitingPorts } from './lane/oldest-waiting.ts'

/** What waits for one endpoint, and what became of the rest. */
export interface EndpointStats {
  /** Its events that are kept, by state, but for the delivered and the failed. One that waits on disk alone counts as `pending`. */
  readonly events: Pick<StatusCounts, 'pending' | 'delivering' | 'backoff'> & {
    /** Null while the home of the log cannot be read. */
    readonly deadLettered: number | null
  }
  /**
   * Attempts started, and events that settled, by state, since the service started, or the endpoint was registered if that was
   * later. An event that is redelivered and settles again counts again.
   */
  readonly sinceStart: Readonly<EndpointTotals>
  /** Bytes of the bodies of its events that are not settled. */
  readonly pendingBytes: number
  /** Since when the one waits that has waited longest: it was submitted then, or redelivered. ISO 8601; null when none waits. */
  readonly oldestPendingAt: string | null
  /** Requests in flight. */
  readonly inFlight: number
}

export interface EndpointStatsPorts extends OldestWaitingPorts {
  readonly retention: Pick<SettledEvents, 'countDeadLettersOf'>
}

export function describeEndpointStats(lanes: EndpointLanes, ports: EndpointStatsPorts): EndpointStats {
  const { events, bytes } = ports.capacity.backlogOf(lanes.endpoint.id) ?? { events: 0, bytes: 0 }
  const tried = { delivering: 0, backoff: 0 }
  // Only the first of a line was ever tried.
  for (const { waiting } of lanes) {
    const status = waiting.first?.state.value
    if (status === 'delivering' || status === 'backoff') tried[status] += 1
  }
  return {
    events: {
      pending: events - tried.delivering - tried.backoff,
      ...tried,
      deadLettered: deadLettersOf(lanes.endpoint.id, ports),
    },
    sinceStart: { ...lanes.sinceStart },
    pendingBytes: bytes,
    oldestPendingAt: events === 0 ? null : oldestPendingAtOf(lanes, ports),
    inFlight: lanes.inFlight,
  }
}

/** A home that cannot be read must not take the other figures along. */
function deadLettersOf(endpointId: string, { retention }: EndpointStatsPorts): number | null {
  try {
    return retention.countDeadLettersOf(endpointId)
  } catch {
    return null
  }
}
