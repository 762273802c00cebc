import type { Readings, StatusCounts } from './event/readings.ts'
import type { LiveLanes } from './lane/live-lanes.ts'
import { oldestPendingAt } from './lane/oldest-waiting.ts'
import type { OldestWaitingPorts } from './lane/oldest-waiting.ts'
import type { Turns } from './lane/turns.ts'
import type { LogCondition, LogHome, LogSize } from './log/log-home.ts'

/** The service at a glance. */
export interface ServiceStats {
  /** Events kept, by state. */
  readonly events: StatusCounts
  /** Bytes of the bodies of all events that are not settled. */
  readonly pendingBytes: number
  /**
   * Since when the event waits that has waited longest: it was submitted then, or redelivered. ISO 8601; null when none waits.
   * How far deliveries lag behind is the time since. Events whose endpoint is not registered (again) are left out.
   */
  readonly oldestPendingAt: string | null
  /** Events ever submitted. */
  readonly submitted: number
  /** Attempts ever started. */
  readonly attempts: number
  readonly endpoints: number
  /** Requests in flight. */
  readonly inFlight: number
  /** How many of them endpoints hold that answer slowly: at most a part of `concurrency`. */
  readonly slowInFlight: number
  /** Endpoints with something to send that wait for their turn. */
  readonly waitingEndpoints: number
  /** Lanes held as live actors. */
  readonly liveLanes: number
  /** Whether the log survives the process. */
  readonly durable: boolean
  readonly log: LogStats
}

/** The home of the log, as far as it tells. */
export interface LogStats {
  /** Whether it takes records: always `'writable'` with a home that never says otherwise. */
  readonly condition: LogCondition
  /** Null where the log is in no file, or its size cannot be read. */
  readonly fileBytes: number | null
  /** Of the file beside it that holds what is not moved into it yet. Null like `fileBytes`. */
  readonly walBytes: number | null
}

/** The parts of a service that its figures are of. */
export interface StatsPorts extends OldestWaitingPorts {
  readonly readings: Readings
  readonly turns: Turns
  readonly liveLanes: LiveLanes
}

export function describeService(ports: StatsPorts): ServiceStats {
  const { readings, capacity, endpoints, turns, liveLanes, log } = ports
  return {
    events: { ...readings.events },
    pendingBytes: capacity.pendingBytes,
    oldestPendingAt: oldestPendingAt(ports),
    submitted: readings.submitted,
    attempts: readings.attempts,
    endpoints: endpoints.size,
    inFlight: turns.inFlight,
    slowInFlight: turns.slowInFlight,
    waitingEndpoints: turns.waiting,
    liveLanes: liveLanes.size,
    durable: log.durable,
    log: logStats(log),
  }
}

function logStats(log: LogHome): LogStats {
  const size = sizeOf(log)
  return {
    condition: log.condition ?? 'writable',
    fileBytes: size?.fileBytes ?? null,
    walBytes: size?.walBytes ?? null,
  }
}

/** A home that cannot tell just now must not take the other figures along. */
function sizeOf(log: LogHome): LogSize | null {
  try {
    return log.size?.() ?? null
  } catch {
    return null
  }
}
