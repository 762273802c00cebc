// What is no HTTP, or comes too slowly: answered in the form of every error, and the connection closed. Never answers while
// another answer is owed on the connection: it would be taken for that one.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { ApiError } from './api-error.ts'
import { errorAnswer } from './error-answer.ts'
import { answerHeaders } from './answer-headers.ts'

const refusals: ReadonlyMap<unknown, ApiError> = new Map([
  ['HPE_HEADER_OVERFLOW', new ApiError(431, 'HEADERS_TOO_LARGE', 'the request line and headers are too long')],
  ['ERR_HTTP_REQUEST_TIMEOUT', new ApiError(408, 'REQUEST_TIMEOUT', 'the request took too long to arrive')],
])
const malformed = new ApiError(400, 'MALFORMED_REQUEST', 'this is not a well-formed HTTP/1.1 request')

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

export class BrokenRequests {
  readonly #owed = new WeakMap<Socket, number>()
  readonly #newId: () => string

  constructor(newId: () => string) {
    this.#newId = newId
  }

  /** Counts the answers that are owed on each connection. */
  watch(server: Server): void {
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.#owed.set(socket, (this.#owed.get(socket) ?? 0) + 1)
      response.once('close', () => this.#owed.set(socket, (this.#owed.get(socket) ?? 1) - 1))
    })
  }

  /** Takes what Node says of a connection on which it cannot go on. */
  answer(error: Error & { readonly code?: string }, socket: Socket): void {
    const isOwed = (this.#owed.get(socket) ?? 0) > 0
    if (socket.writable && !isOwed && error.code !== 'ECONNRESET') {
      socket.write(this.#text(refusals.get(error.code) ?? malformed))
    }
    socket.destroySoon()
  }

  #text(error: ApiError): string {
    const { status, body } = errorAnswer(error, this.#newId())
    const text = JSON.stringify(body)
    const headers = {
      ...answerHeaders,
      'content-type': 'application/json; charset=utf-8',
      'content-length': `${Buffer.byteLength(text)}`,
      'x-request-id': body.error.requestId,
      connection: 'close',
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    return `HTTP/1.1 ${status} ${reasons[status] ?? ''}\r\n${lines.join('')}\r\n${text}`
  }
}
