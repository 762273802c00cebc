import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Clock } from '../clock/clock.ts'
import { describeValue } from '../errors/describe-value.ts'
import { InvalidOptionError } from '../errors/errors.ts'
import { requireAnswer, type Answer, type FixedAnswer, type ScriptedResponse } from './answer.ts'
import type { AnswerScript, RequestMatch } from './answer-script.ts'
import { eventLoopTurns } from './event-loop-turns.ts'
import { Exchange } from './exchange.ts'
import { RecordedRequest, type ReceivedRequest, type RespondedWith } from './received-request.ts'
import type { RequestBook } from './request-book.ts'
import type { OrderViolation, RequestCounts } from './request-tally.ts'
import type { SignatureCheck } from './signature-check.ts'
import { Waiters } from './waiters.ts'

/** How long a connection closed before a request came may take to be noticed after it. Measured: up to 2. */
const turnsUntilGone = 8

/** The server behind `Receiver`, which says what its members mean. Takes each request in, enters it in the book and carries out what the script says. */
export class HttpReceiver {
  url = ''
  readonly #script: AnswerScript
  readonly #signatureValid: SignatureCheck
  readonly #book: RequestBook
  readonly #clock: Clock
  readonly #waiters = new Waiters()
  readonly #server = createServer()
  /** What is not answered on purpose: hung, or held until its time has come. */
  readonly #held = new Map<Exchange, ReceivedRequest>()
  #closed: Promise<void> | null = null

  constructor(
    script: AnswerScript,
    signatureValid: SignatureCheck,
    book: RequestBook,
    clock: Clock,
    keepAlive: boolean,
  ) {
    this.#script = script
    this.#signatureValid = signatureValid
    this.#book = book
    this.#clock = clock
    // A connection ends when the script or the client says so, never by a timer of the server.
    this.#server.keepAliveTimeout = 0
    this.#server.requestTimeout = 0
    this.#server.headersTimeout = 0
    this.#server.on('request', (message, response) => {
      if (!keepAlive) response.shouldKeepAlive = false
      void this.#serve(message, response)
    })
  }

  listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, () => {
        const address = this.#server.address()
        const taken = typeof address === 'object' && address !== null ? address.port : port
        this.url = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`
        resolve()
      })
    })
  }

  /** The requests whose answer only time can bring, or nothing. */
  held(): Iterable<ReceivedRequest> {
    return this.#held.values()
  }

  get requests(): readonly ReceivedRequest[] {
    return this.#book.requests
  }

  get received(): number {
    return this.#book.received
  }

  get signatureFailures(): number {
    return this.#book.signatureFailures
  }

  get maxInFlight(): number {
    return this.#book.gauge.peak
  }

  get paths(): readonly string[] {
    return this.#book.paths
  }

  respond(...answers: Answer[]): void {
    this.#script.add(answers)
  }

  respondTo(match: RequestMatch, ...answers: Answer[]): void {
    this.#script.addFor(match, answers)
  }

  waitFor(count: number): Promise<readonly ReceivedRequest[]> {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new InvalidOptionError(
        `waitFor: count must be a whole number, 0 or more, got ${describeValue(count)}`,
        'count',
        count,
      )
    }
    const waited = this.#waiters.until(() => this.received >= count)
    return waited.then(() => this.requests.slice(0, count))
  }

  waitUntil(condition: (receiver: HttpReceiver) => boolean): Promise<void> {
    return this.#waiters.until(() => condition(this))
  }

  counts(path?: string): RequestCounts {
    return this.#book.counts(path)
  }

  orderViolations(): readonly OrderViolation[] {
    return [...this.#book.violations]
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#waiters.close(new Error(`the receiver was closed while it was waited for; ${this.received} requests came`))
      this.#server.close(() => {
        resolve()
      })
      this.#server.closeAllConnections()
    })
    return this.#closed
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = message.url ?? ''
    const exchange = new Exchange(message, response, () => {
      this.#book.leave(path, exchange)
      this.#held.delete(exchange)
    })
    const believePeak = this.#book.enter(path, exchange)
    const body = await exchange.readBody()
    if (believePeak !== null) {
      await eventLoopTurns(turnsUntilGone)
      believePeak()
    }
    if (body === null) return
    try {
      const signatureValid = this.#signatureValid(path, message.headers, body)
      const request = new RecordedRequest(message, body.toString(), this.received + 1, signatureValid)
      this.#book.arrived(request)
      this.#waiters.check()
      const respondedWith = await this.#carryOut(await this.#decide(request), request, exchange)
      this.#book.responded(request, respondedWith)
      this.#waiters.check()
    } catch (error) {
      exchange.respond(explained(error))
    }
  }

  async #decide(request: ReceivedRequest): Promise<FixedAnswer> {
    try {
      const answer = this.#script.take(request)
      if (typeof answer !== 'function') return answer
      const decided = await answer(request)
      requireAnswer('the answer of a function', decided)
      return decided
    } catch (error) {
      return explained(error)
    }
  }

  async #carryOut(answer: FixedAnswer, request: ReceivedRequest, exchange: Exchange): Promise<RespondedWith> {
    const delayMs = typeof answer === 'object' ? answer.delayMs : undefined
    if (!exchange.gone && (answer === 'hang' || delayMs !== undefined)) this.#held.set(exchange, request)
    if (delayMs !== undefined) await exchange.hold(this.#clock, delayMs)
    if (delayMs !== undefined) this.#held.delete(exchange)
    if (exchange.gone) return 'gone'
    if (answer === 'hang') return 'hang'
    if (answer === 'reset') {
      exchange.reset()
      return 'reset'
    }
    const response = typeof answer === 'number' ? { status: answer } : answer
    try {
      exchange.respond(response)
      return response.status
    } catch (error) {
      exchange.respond(explained(error))
      return 500
    }
  }
}

/** The test's own mistake, shown where it will be looked for: in the answer that the sender got. */
function explained(error: unknown): ScriptedResponse {
  return { status: 500, body: `the receiver could not answer as scripted: ${String(error)}` }
}
