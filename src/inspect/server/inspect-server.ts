// The local server behind the viewer: what is registered, to this machine, and to no page of another site. Owns
// connections and limits; knows nothing of logs. Never sends anything it was not given by a route.
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ownRequests } from './own-requests.ts'
import type { CheckRequest } from './own-requests.ts'
import { textReply } from './reply.ts'
import type { Reply } from './reply.ts'
import { StreamClient } from './stream-client.ts'
import { viewerHeaders } from './viewer-headers.ts'

export interface InspectServerOptions {
  /** @default 0: any that is free */
  readonly port?: number
  /** Whether the process stays alive for it. */
  readonly keepsProcess: boolean
  /** Streams open at once. @default 16 */
  readonly maxStreams?: number
  /** What a stream's client may leave unread before it is dropped. @default 1 MiB */
  readonly maxBufferedBytes?: number
  /** Hears what a route threw, and what kept a connection from being accepted. */
  readonly onFailure?: (error: unknown) => void
}

/** Answers a GET request for a path. What it throws becomes a 500 that says nothing of it. */
export type AnswerRoute = (query: URLSearchParams) => Reply | Promise<Reply>

/** Takes up a client that listens to a stream of server-sent events. */
export type OpenStream = (client: StreamClient, query: URLSearchParams) => void

/** Takes over a connection that asks for another protocol (WebSocket). The request has been checked. */
export type TakeConnection = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

type Route =
  { readonly kind: 'answer'; readonly answer: AnswerRoute } | { readonly kind: 'stream'; readonly open: OpenStream }

const address = '127.0.0.1'
const patienceMs = 10_000

export class InspectServer {
  readonly port: number
  readonly #server: Server
  readonly #check: CheckRequest
  readonly #options: InspectServerOptions
  readonly #routes = new Map<string, Route>()
  readonly #takers = new Map<string, TakeConnection>()
  readonly #streams = new Set<StreamClient>()
  readonly #sockets = new Set<Socket>()
  #closing: Promise<void> | null = null

  private constructor(server: Server, options: InspectServerOptions) {
    this.#server = server
    this.#options = options
    // A server that listens on TCP has such an address.
    this.port = (server.address() as AddressInfo).port
    this.#check = ownRequests(this.port)
    server.on('request', (request, response) => void this.#answer(request, response))
    server.on('upgrade', (request, socket, head) => this.#handOver(request, socket, head))
    server.on('connection', (socket) => this.#keep(socket))
    // A connection could not be accepted. Left unheard, that would end the process that is watched.
    server.on('error', (error) => options.onFailure?.(error))
    if (!options.keepsProcess) server.unref()
  }

  /** Listens on 127.0.0.1. Rejects when the port is taken. */
  static start(options: InspectServerOptions): Promise<InspectServer> {
    const server = createServer({ headersTimeout: patienceMs, requestTimeout: patienceMs, keepAliveTimeout: 5000 })
    server.maxConnections = 128
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(options.port ?? 0, address, () => {
        server.off('error', reject)
        resolve(new InspectServer(server, options))
      })
    })
  }

  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  get url(): string {
    return `http://${address}:${this.port}`
  }

  /** Answers GET requests for exactly this path. */
  route(path: string, answer: AnswerRoute): void {
    this.#routes.set(path, { kind: 'answer', answer })
  }

  /** Serves a stream of server-sent events at exactly this path. */
  stream(path: string, open: OpenStream): void {
    this.#routes.set(path, { kind: 'stream', open })
  }

  /** Hands over connections that ask for another protocol at exactly this path. */
  upgrade(path: string, take: TakeConnection): void {
    this.#takers.set(path, take)
  }

  /** Ends every connection, and resolves when the port is free again. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#server.close(() => resolve())
      for (const socket of this.#sockets) socket.destroy()
    })
    return this.#closing
  }

  #keep(socket: Socket): void {
    if (!this.#options.keepsProcess) socket.unref()
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined) // the client went away: nothing is owed to it
    const refusal = this.#refusalOf(request)
    if (refusal !== null) {
      send(response, refusal)
      return
    }
    const { path, query } = targetOf(request)
    const route = this.#routes.get(path)
    try {
      if (route === undefined) send(response, textReply(404, 'there is nothing here'))
      else if (route.kind === 'answer') send(response, await route.answer(query))
      else this.#openStream(response, route.open, query)
    } catch (error) {
      this.#options.onFailure?.(error)
      if (!response.headersSent) send(response, textReply(500, 'this could not be read'))
      else response.destroy()
    }
  }

  #refusalOf(request: IncomingMessage): Reply | null {
    const why = this.#check(request.headers)
    if (why !== null) return textReply(403, why)
    return request.method === 'GET' ? null : textReply(405, 'only GET is answered')
  }

  #openStream(response: ServerResponse, open: OpenStream, query: URLSearchParams): void {
    const { maxStreams = 16, maxBufferedBytes = 1024 * 1024 } = this.#options
    if (this.#streams.size >= maxStreams) {
      send(response, textReply(503, `${maxStreams} streams are open already; close one of them`))
      return
    }
    // Behind an answer that is still to come, it would neither be sent nor hear that its client has gone.
    if (response.socket === null) {
      send(response, textReply(400, 'a stream needs a connection of its own'))
      return
    }
    const client = new StreamClient(response, maxBufferedBytes)
    this.#streams.add(client)
    client.onLeft(() => this.#streams.delete(client))
    response.writeHead(200, { ...viewerHeaders(), 'Content-Type': 'text/event-stream' })
    response.flushHeaders()
    open(client, query)
  }

  #handOver(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined)
    const take = this.#takers.get(targetOf(request).path)
    if (take === undefined || this.#refusalOf(request) !== null) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    try {
      take(request, socket, head)
    } catch (error) {
      this.#options.onFailure?.(error)
      socket.destroy()
    }
  }
}

/** The path is taken as it came, undecoded: it names a route letter by letter, or none. */
function targetOf({ url = '/' }: IncomingMessage): { path: string; query: URLSearchParams } {
  const end = url.indexOf('?')
  if (end === -1) return { path: url, query: new URLSearchParams() }
  return { path: url.slice(0, end), query: new URLSearchParams(url.slice(end + 1)) }
}

function send(response: ServerResponse, { status = 200, type, body, policy }: Reply): void {
  if (status === 405) response.setHeader('Allow', 'GET')
  response.writeHead(status, {
    ...viewerHeaders(policy),
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}
