import { keyRoutes } from './key-routes.ts'
import type { Route } from './route.ts'
import { tenantRoutes } from './tenant-routes.ts'
import { versionRoute } from './version-route.ts'

/** Every route of the server, in the order in which the documentation shows them. */
export const routeTable: readonly Route[] = [versionRoute, ...keyRoutes, ...tenantRoutes]
