import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import type { InjectedAnswer, InjectedRequest, ListeningAt } from '../create-server.ts'
import type { Route } from '../routes/route.ts'
import type { ServerContext } from '../server-context.ts'

/** The application behind a server. */
export interface App {
  listen(host: string, port: number): Promise<ListeningAt>
  close(): Promise<void>
  inject(request: InjectedRequest): Promise<InjectedAnswer>
}

export async function buildApp(routes: readonly Route[], context: ServerContext): Promise<App> {
  const app = Fastify()
  for (const route of routes) register(app, route, context)
  await app.ready()
  return {
    async listen(host, port) {
      const url = await app.listen({ host, port })
      return { host, port: Number(new URL(url).port), url }
    },
    close: () => app.close(),
    async inject({ method, path, headers, body }) {
      const answer = await app.inject({
        method: method as 'GET',
        url: path,
        ...(headers && { headers }),
        ...(body !== undefined && { payload: body }),
      })
      return { status: answer.statusCode, headers: answer.headers, text: answer.body }
    },
  }
}

function register(app: FastifyInstance, route: Route, context: ServerContext): void {
  app.route({
    method: route.method,
    url: route.path,
    handler: async (request, reply) => {
      const { status, body, text, headers } = await route.handle({
        params: request.params,
        query: request.query,
        headers: request.headers,
        body: request.body,
        bodyText: request.body === undefined ? '' : JSON.stringify(request.body),
        caller: { role: 'admin', tenantId: null, keyId: null },
        requestId: request.id,
        context,
        request: request.raw,
      })
      return reply
        .code(status)
        .headers(headers ?? {})
        .send(text ?? body)
    },
  })
}
