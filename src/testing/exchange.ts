import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock/clock.ts'
import type { ScriptedResponse } from './answer.ts'
import type { OpenRequest } from './in-flight-gauge.ts'

/** One request and its answer on the wire. Decides nothing: it reads, waits, answers and notices when the client leaves. */
export class Exchange implements OpenRequest {
  gone = false
  readonly #message: IncomingMessage
  readonly #response: ServerResponse
  readonly #whenOver: () => void
  #whenGone: (() => void) | null = null
  #answered = false

  /** @param whenOver called when the request is no longer open; it may be called twice */
  constructor(message: IncomingMessage, response: ServerResponse, whenOver: () => void) {
    this.#message = message
    this.#response = response
    this.#whenOver = whenOver
    // A client that breaks off is expected here; without a listener the error would end the process.
    message.on('error', ignore)
    response.on('error', ignore)
    response.once('close', () => {
      this.gone = !this.#answered
      whenOver()
      this.#whenGone?.()
    })
  }

  /** The whole body, or null when the client left before its end. */
  readBody(): Promise<Buffer | null> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = []
      this.#whenGone = () => {
        resolve(null)
      }
      this.#message.on('data', (chunk: Buffer) => chunks.push(chunk))
      this.#message.once('end', () => {
        this.#whenGone = null
        resolve(Buffer.concat(chunks))
      })
    })
  }

  /** Holds the request for `delayMs`, or until the client leaves. */
  hold(clock: Clock, delayMs: number): Promise<void> {
    if (this.gone) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = clock.setTimeout(() => {
        this.#whenGone = null
        resolve()
      }, delayMs)
      this.#whenGone = () => {
        clock.clearTimeout(timer)
        resolve()
      }
    })
  }

  /** @throws when a header cannot be sent; nothing has gone out then */
  respond({ status, headers = {}, body = '' }: ScriptedResponse): void {
    this.#response.statusCode = status
    for (const [name, value] of Object.entries(headers)) this.#response.setHeader(name, value)
    this.#answer()
    this.#response.end(body)
  }

  reset(): void {
    this.#answer()
    this.#message.socket.resetAndDestroy()
  }

  /** Before anything goes out: the client may send its next request at once. */
  #answer(): void {
    this.#answered = true
    this.#whenOver()
  }
}

function ignore(): void {
  // Whoever waits for the exchange learns of it from 'close'.
}
