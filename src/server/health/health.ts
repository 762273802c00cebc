// Whether the server can take events now, and if not, why. Says it in words that a stranger may read: no path, no message
// of an error, no count of anything.
import type { Clock } from '../../clock/clock.ts'
import type { LogCondition } from '../../log/log-home.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { lagMsOf } from '../lag-ms.ts'

/** Why it is not ready: it closes; the log takes no records just now, or never again; an event has waited for too long. */
export type UnreadyReason = 'closing' | 'logHeld' | 'logStopped' | 'lagging'

export interface HealthReport {
  readonly status: 'ready' | 'unready'
  /** Always true in an answer: a process that does not live gives none. */
  readonly live: true
  readonly ready: boolean
  readonly reasons: readonly UnreadyReason[]
  readonly store: {
    /** Whether what was acknowledged survives the process. */
    readonly durable: boolean
    readonly condition: LogCondition
  }
  /** How long the event that has waited longest has waited; 0 when none waits. */
  readonly lagMs: number
}

export interface HealthPorts {
  readonly service: WebhookService
  readonly clock: Clock
  readonly closing: AbortSignal
  /** Null: however long an event has waited, the server is ready. */
  readonly maxLagMs: number | null
}

export function readHealth({ service, clock, closing, maxLagMs }: HealthPorts): HealthReport {
  const { durable, log, oldestPendingAt } = service.stats()
  const lagMs = lagMsOf(oldestPendingAt, clock.now())
  const reasons: UnreadyReason[] = []
  if (closing.aborted) reasons.push('closing')
  if (log.condition === 'held') reasons.push('logHeld')
  if (log.condition === 'stopped') reasons.push('logStopped')
  if (maxLagMs !== null && lagMs > maxLagMs) reasons.push('lagging')
  const ready = reasons.length === 0
  return {
    status: ready ? 'ready' : 'unready',
    live: true,
    ready,
    reasons,
    store: { durable, condition: log.condition },
    lagMs,
  }
}
