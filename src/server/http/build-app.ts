// The application behind a server: Fastify, and around every route what is the same for all of them.
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { createAuthenticator } from '../keys/create-authenticator.ts'
import type { Route } from '../routes/route.ts'
import type { ServerContext } from '../server-context.ts'
import { Answers } from './answers.ts'
import { ApiError } from './api-error.ts'
import { BodyReader } from './body-reader.ts'
import { BrokenRequests } from './broken-requests.ts'
import { checkHost } from './check-host.ts'
import { docsRoutes } from './docs-routes.ts'
import { Gate } from './gate.ts'
import { listenerOptions } from './listener-options.ts'
import { collectRoutes } from './open-api.ts'
import { isLoopback } from './own-requests.ts'
import { registerRoute } from './register-route.ts'
import { newRequestId, requestIdOf } from './request-id.ts'

export interface AppPorts {
  readonly context: ServerContext
  /** Whether nothing is answered any more but what is under way. */
  readonly isStopping: () => boolean
}

export async function buildApp(table: readonly Route[], ports: AppPorts): Promise<FastifyInstance> {
  const { context, isStopping } = ports
  const answers = new Answers(context)
  const broken = new BrokenRequests(newRequestId)
  const app = Fastify({
    ...listenerOptions(context.limits),
    genReqId: requestIdOf,
    clientErrorHandler: (error, socket) => broken.answer(error, socket),
    frameworkErrors: (error, request, reply) => answers.refuseEarly(error, request, reply),
  })
  app.server.maxConnections = context.limits.connections
  // Their bytes are bounded; a bound of their number would drop those beyond it without a word, an Origin say.
  app.server.maxHeadersCount = 0
  broken.watch(app.server)

  const gate = new Gate(createAuthenticator(context.keys, context.clock), () => isLocal(app))
  const routes = [...table, ...docsRoutes(() => JSON.stringify(app.swagger()))]
  app.decorateRequest('caller', null)
  app.decorateRequest('response', null)
  app.decorateRequest('touched', null)
  answers.attach(app, routes)
  app.addHook('onRequest', (request, _reply, done) => {
    // Whoever asks whether it lives is answered to the end, or it would be killed for closing in good order.
    if (isStopping() && request.routeOptions.url?.startsWith('/health') !== true)
      throw new ApiError(503, 'SERVER_CLOSING', 'the server is closing', { headers: { 'retry-after': '1' } })
    checkHost(request.raw)
    gate.checkSource(request.raw)
    done()
  })
  takeJson(app, new BodyReader(context.limits))
  await collectRoutes(app)
  for (const route of routes) registerRoute(app, route, gate, context)
  await app.ready()
  return app
}

/** Takes bodies of JSON, and of nothing else. */
function takeJson(app: FastifyInstance, reader: BodyReader): void {
  app.addHook('onRequest', (request, reply, done) => {
    request.response = reply.raw
    done()
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', (request, _payload, done) => {
    reader
      .read(request.raw, request.routeOptions.config.takesPayloads, (release) =>
        request.response?.once('close', release),
      )
      .then(
        (body) => done(null, body),
        // Nothing but errors is thrown there.
        (error: unknown) => done(error as Error),
      )
  })
}

/** Whether this machine alone can reach it: it listens here, or nowhere yet. */
function isLocal({ server }: FastifyInstance): boolean {
  const address = server.address()
  return address === null || typeof address === 'string' || isLoopback(address.address)
}
