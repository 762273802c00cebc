import { resolveAlertOptions } from '../alerts/alert-options.ts'
import type { AlertOptions, AlertSettings } from '../alerts/alert-options.ts'
import { resolveHealthOptions } from '../health/health-options.ts'
import type { HealthOptions, HealthSettings } from '../health/health-options.ts'
import { resolveMetricsOptions } from '../metrics/metrics-options.ts'
import type { MetricsOptions, MetricsSettings } from '../metrics/metrics-options.ts'
import { resolveStreamOptions } from '../stream/stream-options.ts'
import type { StreamOptions, StreamSettings } from '../stream/stream-options.ts'

/** How the service is watched. */
export interface WatchOptions {
  readonly metrics?: MetricsOptions | undefined
  readonly health?: HealthOptions | undefined
  readonly stream?: StreamOptions | undefined
  /** Who is told when something goes wrong. @default nobody */
  readonly alerts?: AlertOptions | null | undefined
}

/** Complete {@link WatchOptions}. */
export interface WatchSettings {
  readonly metrics: MetricsSettings
  readonly health: HealthSettings
  readonly stream: StreamSettings
  readonly alerts: AlertSettings | null
}

/** The names of these options. */
export const watchOptionNames = ['metrics', 'health', 'stream', 'alerts'] as const satisfies (keyof WatchOptions)[]

/** @throws InvalidOptionError */
export function resolveWatchOptions({ metrics, health, stream, alerts }: WatchOptions): WatchSettings {
  return {
    metrics: resolveMetricsOptions(metrics, 'metrics'),
    health: resolveHealthOptions(health, 'health'),
    stream: resolveStreamOptions(stream, 'stream'),
    alerts: alerts === undefined || alerts === null ? null : resolveAlertOptions(alerts, 'alerts'),
  }
}
