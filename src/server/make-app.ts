import type { WebhookService } from '../webhook-service.ts'
import { HttpApp } from './http/http-app.ts'
import { tellFaults } from './faults.ts'
import { createTenancy } from './keys/tenancy.ts'
import { routeTable } from './routes/route-table.ts'
import type { ServerSettings } from './server-settings.ts'
import { startWatch } from './watch/watch.ts'

/** Puts a server together. Loads Fastify and all it needs: only `load-app.ts` imports it, when a server is first used. */
export function makeApp(service: WebhookService, settings: ServerSettings, closing: AbortSignal): Promise<HttpApp> {
  const { keys, log, limits, clock, randomBytes, routes } = settings
  const onFault = tellFaults(log, settings.onFault)
  const tenancy = createTenancy(service)
  const watch = startWatch({ service, clock, log, closing, onFault }, settings.watch)
  const context = { service, keys, tenancy, clock, randomBytes, log, limits, closing, watch, onFault }
  return HttpApp.build(routes ?? routeTable, context)
}
