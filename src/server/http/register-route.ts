import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Caller } from '../keys/caller.ts'
import type { Answer, Route } from '../routes/route.ts'
import type { ServerContext } from '../server-context.ts'
import { requestCheck } from './check-request.ts'
import type { RawParts } from './check-request.ts'
import { describeRoute } from './describe-route.ts'
import type { Gate } from './gate.ts'
import { noBody } from './request-body.ts'
import type { RequestBody } from './request-body.ts'
import { TouchedEvents } from './touched-events.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it; null before it has come through the gate. */
    caller: Caller | null
    /** Whose end tells that it has been answered, or that nobody waits for that any more. */
    response: ServerResponse | null
    /** What it has done to events; null before it has come to its route. */
    touched: TouchedEvents | null
  }
  interface FastifyContextConfig {
    /** What the documentation says of the route. */
    documentation: object
    takesPayloads: boolean
  }
}

/** Serves a route: lets in who may, checks what comes, and sends what the route answers. */
export function registerRoute(app: FastifyInstance, route: Route, gate: Gate, context: ServerContext): void {
  const check = requestCheck(route.request)
  // Fastify checks and shapes nothing: it is given no schema.
  app.route<{ Params: RawParts['params']; Querystring: RawParts['query']; Body: RequestBody | undefined }>({
    method: route.method,
    url: route.path,
    config: { documentation: describeRoute(route), takesPayloads: route.takesPayloads === true },
    onRequest: (request, _reply, done) => {
      request.caller = gate.enter(request.raw, route.access)
      done()
    },
    handler: async (request, reply) => {
      const { body: { value, text } = noBody, caller } = request
      if (caller === null) throw new Error('a request has come past the gate')
      const { id: requestId, raw } = request
      const given = { params: request.params, query: request.query, headers: request.headers, body: value }
      // Written out: spreading the parts takes several times as long.
      const { params, query, headers, body } = check(given)
      const touched = (request.touched = new TouchedEvents())
      const call = { params, query, headers, body, bodyText: text, caller, requestId, touched, context, request: raw }
      return send(reply, await route.handle(call), context)
    },
  })
}

function send(reply: FastifyReply, answer: Answer, { onFault }: ServerContext): FastifyReply {
  const { status, body, text, stream, headers = {} } = answer
  void reply.code(status).headers(headers)
  if (stream === undefined) {
    if (!reply.hasHeader('content-type') && (text ?? body) !== undefined) reply.type('application/json; charset=utf-8')
    return reply.send(text ?? (body === undefined ? undefined : JSON.stringify(body)))
  }
  if (reply.request.method === 'HEAD') return reply.send()
  reply.hijack()
  reply.raw.statusCode = status
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  reply.raw.flushHeaders()
  try {
    stream(reply.raw)
  } catch (error) {
    // Its status is out, and Fastify asks no more of it.
    reply.raw.destroy()
    onFault(error, { where: 'stream', requestId: reply.request.id })
  }
  return reply
}
