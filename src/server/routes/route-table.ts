import { healthRoutes } from '../health/health-routes.ts'
import { metricsRoute } from '../metrics/metrics-route.ts'
import { streamRoute } from '../stream/stream-route.ts'
import type { Route } from './route.ts'
import { versionRoute } from './version-route.ts'

/** Every route of the server, in the order in which the documentation shows them. */
export const routeTable: readonly Route[] = [versionRoute, streamRoute, ...healthRoutes, metricsRoute]
