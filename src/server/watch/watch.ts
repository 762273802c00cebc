// What watches a service while it is served: its figures, its health, its live streams and its alerts. None of them may
// change anything in it.
import type { Clock } from '../../clock/clock.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { Alerts } from '../alerts/alerts.ts'
import type { FaultListener } from '../faults.ts'
import { readHealth } from '../health/health.ts'
import type { HealthReport } from '../health/health.ts'
import { ServiceMetrics } from '../metrics/service-metrics.ts'
import type { ServerLog } from '../server-log.ts'
import { DeliveryStreams } from '../stream/delivery-streams.ts'
import type { WatchSettings } from './watch-options.ts'

export interface WatchPorts {
  readonly service: WebhookService
  readonly clock: Clock
  readonly log: ServerLog
  /** Aborted when the server begins to close. */
  readonly closing: AbortSignal
  /** Told of what no one can judge. */
  readonly onFault: FaultListener
}

export interface Watch {
  readonly metrics: ServiceMetrics
  readonly streams: DeliveryStreams
  health(): HealthReport
  /** Stops watching, once the last alerts are sent or two seconds have passed. */
  stop(): Promise<void>
}

const noAlerts = { sent: 0, withheld: 0, lost: 0 }

/** @throws InvalidUrlError, InvalidSecretError, InvalidOptionError: of the alerts */
export function startWatch(ports: WatchPorts, settings: WatchSettings): Watch {
  const { service, clock, closing } = ports
  const alerts = settings.alerts === null ? null : new Alerts(ports, settings.alerts)
  const streams = new DeliveryStreams(ports, settings.stream)
  closing.addEventListener('abort', () => streams.close(), { once: true })
  const metrics = new ServiceMetrics(
    { service, clock, streamCounts: () => streams.counts, alertCounts: () => alerts?.counts ?? noAlerts },
    settings.metrics.eventTypes,
  )
  return {
    metrics,
    streams,
    health: () => readHealth({ service, clock, closing, ...settings.health }),
    async stop() {
      streams.close()
      metrics.stop()
      await alerts?.stop()
    },
  }
}
