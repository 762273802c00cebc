// The receiver's HTTP server: reads, judges, and answers as it was told to. Owns sockets and counts; keeps no body. Whatever
// it holds is bounded, since whoever it listens to may send what they like.
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import type { Random } from '../../random/random.ts'
import { drawFate } from './fate.ts'
import type { FateShares } from './fate.ts'
import { BodyReader } from './received-body.ts'
import { readEventHeaders } from './received-event.ts'
import type { EventHeaders, ReceivedEvent } from './received-event.ts'
import type { ReceiveStats } from './receive-stats.ts'
import { RememberedIds } from './remembered-ids.ts'
import { SequenceWatch } from './sequence-watch.ts'
import type { JudgeSignature, SignatureVerdict } from './signature-verdict.ts'

export interface ReceiveServerOptions {
  readonly host: string
  readonly port: number
  readonly shares: FateShares
  /** How long a request that hangs is held. Then its connection is broken. */
  readonly hangMs: number
  readonly judge: JudgeSignature
  readonly clock: Clock
  readonly random: Random
  /** Hears of every request once it is decided what becomes of it. */
  readonly onEvent: (event: ReceivedEvent) => void
}

const bodyLimits = { bodyBytes: 8 * 1024 * 1024, allBytes: 128 * 1024 * 1024 }
const rememberedIds = 100_000
const mostConnections = 2000
const patienceMs = 30_000
/** How long requests that are being read or answered may take to end when the receiver does. */
const closingMs = 1000
const shownBodyLength = 2000

const answerTexts: Readonly<Record<number, string>> = {
  200: 'received\n',
  401: 'the signature does not hold\n',
  405: 'events are posted; GET /stats tells what came\n',
  413: 'the body is too large\n',
  500: 'failed on purpose\n',
  503: 'too much is being received at once\n',
}

export class ReceiveServer {
  readonly #options: ReceiveServerOptions
  readonly #server: Server
  readonly #bodies = new BodyReader(bodyLimits)
  readonly #accepted = new RememberedIds(rememberedIds)
  readonly #sequences = new SequenceWatch()
  readonly #hanging = new Set<ServerResponse>()
  readonly #answered = new Map<number, number>()
  #received = 0
  #verified = 0
  #unchecked = 0
  #hung = 0
  #duplicates = 0

  private constructor(options: ReceiveServerOptions) {
    this.#options = options
    this.#server = createServer({ headersTimeout: patienceMs, requestTimeout: patienceMs })
    this.#server.maxConnections = mostConnections
    this.#server.on('request', (request, response) => void this.#serve(request, response))
  }

  /** Listens. Rejects with the system's error when the address cannot be had. */
  static start(options: ReceiveServerOptions): Promise<ReceiveServer> {
    const receiver = new ReceiveServer(options)
    return new Promise((resolve, reject) => {
      receiver.#server.once('error', reject)
      receiver.#server.listen(options.port, options.host, () => {
        receiver.#server.off('error', reject)
        // A connection could not be accepted: those that are open go on.
        receiver.#server.on('error', () => undefined)
        resolve(receiver)
      })
    })
  }

  get url(): string {
    // A server that listens on TCP has such an address.
    const { address, family, port } = this.#server.address() as AddressInfo
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  }

  stats(): ReceiveStats {
    return {
      received: this.#received,
      verified: this.#verified,
      signatureFailures: this.#received - this.#verified - this.#unchecked,
      unchecked: this.#unchecked,
      answered: Object.fromEntries(this.#answered),
      hung: this.#hung,
      duplicates: this.#duplicates,
      gaps: this.#sequences.missing,
      late: this.#sequences.late,
    }
  }

  /** Breaks what hangs, lets the rest end, and resolves when the port is free. */
  close(): Promise<void> {
    const { clock } = this.#options
    return new Promise((resolve) => {
      const timer = clock.setTimeout(() => this.#server.closeAllConnections(), closingMs)
      this.#server.close(() => {
        clock.clearTimeout(timer)
        resolve()
      })
      for (const response of this.#hanging) response.destroy()
    })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined) // its sender went away: nothing is owed to it
    const path = request.url ?? '/'
    if (request.method === 'GET' && path === '/stats') this.#sendStats(response)
    else if (request.method !== 'POST') this.#answer(response, 405)
    else await this.#receive(request, response, path)
  }

  async #receive(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = await this.#bodies.read(request)
    if (body === 'gone') return
    if (body === 'tooLarge' || body === 'busy') {
      // What is left of the body is not read: the connection is of no further use.
      response.setHeader('Connection', 'close')
      this.#answer(response, body === 'tooLarge' ? 413 : 503)
      request.resume()
      return
    }
    const { clock, judge, onEvent } = this.#options
    const event = readEventHeaders(request.headers)
    const signature = judge(request.headers, body)
    this.#received += 1
    if (signature === 'verified') this.#verified += 1
    if (signature === 'unchecked') this.#unchecked += 1
    onEvent({
      at: new Date(clock.now()).toISOString(),
      path,
      ...event,
      signature,
      ...this.#decide(response, path, event, signature),
      bytes: body.length,
      body: body.toString('utf8', 0, shownBodyLength),
    })
  }

  #decide(
    response: ServerResponse,
    path: string,
    { eventId, sequence }: EventHeaders,
    signature: SignatureVerdict,
  ): Pick<ReceivedEvent, 'answer' | 'duplicate' | 'gap'> {
    // Of what nobody signed nothing is remembered.
    if (signature !== 'verified' && signature !== 'unchecked') {
      this.#answer(response, 401)
      return { answer: 401, duplicate: false, gap: 0 }
    }
    const duplicate = eventId !== null && this.#accepted.has(eventId)
    if (duplicate) this.#duplicates += 1
    if (sequence !== null) this.#sequences.arrived(path, sequence)
    const fate = drawFate(this.#options.random, this.#options.shares)
    if (fate === 'hang') {
      this.#hang(response)
      return { answer: 'hang', duplicate, gap: 0 }
    }
    if (fate === 'fail') {
      this.#answer(response, 500)
      return { answer: 500, duplicate, gap: 0 }
    }
    if (eventId !== null) this.#accepted.add(eventId)
    const gap = sequence === null ? 0 : this.#sequences.accepted(path, sequence)
    this.#answer(response, 200)
    return { answer: 200, duplicate, gap }
  }

  #hang(response: ServerResponse): void {
    const { clock, hangMs } = this.#options
    this.#hung += 1
    this.#hanging.add(response)
    const timer = clock.setTimeout(() => response.destroy(), hangMs)
    response.once('close', () => {
      clock.clearTimeout(timer)
      this.#hanging.delete(response)
    })
  }

  #answer(response: ServerResponse, status: number): void {
    this.#answered.set(status, (this.#answered.get(status) ?? 0) + 1)
    send(response, status, 'text/plain; charset=utf-8', answerTexts[status] ?? '')
  }

  #sendStats(response: ServerResponse): void {
    send(response, 200, 'application/json', `${JSON.stringify(this.stats())}\n`)
  }
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) })
  response.end(text)
}
