import type { ServerOptions } from '../../server/server-options.ts'
import type { Config } from './config-schema.ts'

/** What the configuration means to the server. */
export function serverOptions({ server, health, metrics, stream, alerts }: Config): ServerOptions {
  const { url, ...settings } = alerts
  return { limits: server, health, metrics, stream, alerts: url === undefined ? null : { url, ...settings } }
}
