import { deadLetterRoutes } from './dead-letter-routes.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { keyRoutes } from './key-routes.ts'
import type { Route } from './route.ts'
import { statsRoutes } from './stats-routes.ts'
import { tenantRoutes } from './tenant-routes.ts'
import { versionRoute } from './version-route.ts'
import { webhookActionRoutes } from './webhook-action-routes.ts'
import { webhookRoutes } from './webhook-routes.ts'

/** Every route of the server, in the order in which the documentation shows them. */
export const routeTable: readonly Route[] = [
  ...eventRoutes,
  ...webhookRoutes,
  ...webhookActionRoutes,
  ...deliveryRoutes,
  ...deadLetterRoutes,
  ...statsRoutes,
  ...keyRoutes,
  ...tenantRoutes,
  versionRoute,
]
