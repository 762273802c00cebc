import type { LogCondition, LogHome } from '../../src/log/log-home.ts'
import type { StoredEndpoint } from '../../src/log/stored-endpoints.ts'
import { createFailingLog, DiskFullError } from './failing-log.ts'

/** A log in memory that keeps endpoints, as texts, and tells of its condition as homes on a disk do. */
export interface EndpointKeepingLog extends LogHome {
  /** What is kept, in the order of registration. */
  readonly kept: readonly StoredEndpoint[]
  /** How often an endpoint was put or removed, refusals left out. */
  readonly writes: number
  /** Decides which appends of events and of endpoints' steps are refused from now on. */
  refuse(when: (call: number) => boolean): void
  /** Whether it refuses to keep or to forget an endpoint from now on. */
  refuseEndpoints(refuses: boolean): void
  /** Changes what is kept of an endpoint behind the log's back. */
  tamper(endpointId: string, change: (stored: StoredEndpoint) => unknown): void
  /** Comes into another condition. */
  turn(condition: LogCondition, error: Error | null): void
}

export function createEndpointKeepingLog(): EndpointKeepingLog {
  const kept = new Map<string, string>()
  const reports: ((condition: LogCondition, error: Error | null) => void)[] = []
  let condition: LogCondition = 'writable'
  let refuses = false
  let writes = 0
  // What is parsed is what was put, unless a test tampered with it.
  const all = (): StoredEndpoint[] => Array.from(kept.values(), (text) => JSON.parse(text) as StoredEndpoint)
  const write = (act: () => unknown): void => {
    if (refuses) throw new DiskFullError('an endpoint: no space left')
    writes += 1
    act()
  }
  return {
    ...createFailingLog(),
    get kept() {
      return all()
    },
    get writes() {
      return writes
    },
    get condition() {
      return condition
    },
    refuseEndpoints(next) {
      refuses = next
    },
    tamper(endpointId, change) {
      const stored = all().find((endpoint) => endpoint.endpointId === endpointId)
      if (stored !== undefined) kept.set(endpointId, JSON.stringify(change(stored)))
    },
    turn(next, error) {
      condition = next
      for (const report of reports) report(condition, error)
    },
    onCondition: (report) => void reports.push(report),
    size: () => ({ fileBytes: 4096, walBytes: 512 }),
    storedEndpoints: {
      all,
      put: (endpoint) => write(() => kept.set(endpoint.endpointId, JSON.stringify(endpoint))),
      remove: (endpointId) => write(() => kept.delete(endpointId)),
    },
  }
}
