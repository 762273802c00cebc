import type { Server } from 'node:http'
import type { FastifyHttpOptions } from 'fastify'
import type { ServerLimits } from '../server-limits.ts'

/** How often connections are looked through for those that take too long. */
const checkEveryMs = 2000
const headerBytes = 16 * 1024
const pathPartLength = 512

/** How the listener defends itself. HTTP is parsed strictly: a request that two readers could read differently is refused. */
export function listenerOptions(limits: ServerLimits) {
  return {
    logger: false,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionTimeout: limits.stalledTimeoutMs,
    bodyLimit: limits.bodyBytes,
    forceCloseConnections: 'idle',
    // The server's own answer has the form of every error.
    return503OnClosing: false,
    routerOptions: { maxParamLength: pathPartLength },
    http: {
      // Node compares these two as it makes the listener, before Fastify sets the first.
      requestTimeout: limits.requestTimeoutMs,
      headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
      connectionsCheckingInterval: checkEveryMs,
      maxHeaderSize: headerBytes,
      insecureHTTPParser: false,
    },
  } as const satisfies FastifyHttpOptions<Server>
}
