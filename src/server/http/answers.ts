// What is the same for every answer: its headers, the form of an error, the line in the log.
import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Route } from '../routes/route.ts'
import type { Clock } from '../../clock/clock.ts'
import { StorageError } from '../../errors/errors.ts'
import type { ServerContext } from '../server-context.ts'
import { allowedMethods } from './allowed-methods.ts'
import { answerHeaders } from './answer-headers.ts'
import { ApiError } from './api-error.ts'
import { errorAnswer } from './error-answer.ts'

export class Answers {
  readonly #context: ServerContext

  constructor(context: ServerContext) {
    this.#context = context
  }

  /** @param routes all that are served */
  attach(app: FastifyInstance, routes: readonly Route[]): void {
    app.setErrorHandler((error, request, reply) => this.refuse(error, request, reply))
    app.setNotFoundHandler((request) => refuseUnknown(routes, request))
    app.addHook('onRequest', (request, reply, done) => {
      setHeaders(request, reply)
      done()
    })
    app.addHook('onSend', (_request, reply, _payload, done) => {
      // Whoever asks again should ask the next process.
      if (this.#context.closing.aborted) void reply.header('connection', 'close')
      done()
    })
    app.addHook('onResponse', (request, reply, done) => {
      this.#log(request, reply)
      done()
    })
  }

  /** Answers what came no further than the router: Fastify takes it past the hooks. */
  refuseEarly(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    setHeaders(request, reply)
    this.refuse(error, request, reply)
  }

  refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { id: requestId } = request
    const { status, headers, body, isFault } = errorAnswer(error, requestId)
    const { log, clock, onFault } = this.#context
    if (isFault) whenOut(reply.raw, clock, () => onFault(error, { where: 'request', requestId }))
    else if (error instanceof StorageError)
      log.warn({ requestId, err: error }, 'a request was refused: its storage failed')
    else if (status === 500) log.error({ requestId, err: error }, 'a request met records that are damaged')
    void reply
      .code(status)
      .headers({ ...headers, 'content-type': 'application/json; charset=utf-8' })
      .send(JSON.stringify(body))
  }

  /** Of the path, the route's pattern alone: ids would make each line different, and a query may hold anything. The events say which. */
  #log(request: FastifyRequest, reply: FastifyReply): void {
    this.#context.log.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        keyId: request.caller?.keyId ?? null,
        tenantId: request.caller?.tenantId ?? null,
        ...request.touched?.fields,
      },
      'request',
    )
  }
}

/** How long whoever takes an answer only slowly may hold up what comes after it. */
const longestOutMs = 1000

/** Calls back once an answer has been handed to the system, or there is nobody to take it: where it can be, in the same turn. */
function whenOut(response: ServerResponse, clock: Clock, act: () => void): void {
  const once = (): void => {
    clock.clearTimeout(timer)
    response.off('finish', once).off('close', once)
    act()
  }
  const timer = clock.setTimeout(once, longestOutMs)
  response.once('finish', once).once('close', once)
}

function setHeaders({ id }: FastifyRequest, reply: FastifyReply): void {
  void reply.headers(answerHeaders).header('x-request-id', id)
}

function refuseUnknown(routes: readonly Route[], { method, url }: FastifyRequest): never {
  const allowed = allowedMethods(routes, url.split('?', 1).join(''))
  if (allowed.length === 0)
    throw new ApiError(404, 'NOT_FOUND', 'there is nothing at this path; /docs describes the API')
  throw new ApiError(405, 'METHOD_NOT_ALLOWED', `${method} is not for this path; ${allowed.join(', ')} may be`, {
    headers: { allow: allowed.join(', ') },
  })
}
