// The service's `POST /api/v1/events`. Tries again while the service is busy or away, and never gives up an event silently:
// what is not accepted is refused, or thrown.
import { Agent } from 'undici'
import type { Clock } from '../../clock/clock.ts'
import { readAnswer } from './answer.ts'
import type { ServiceAnswer } from './answer.ts'

/** Neither accepted nor refused: the service cannot be reached, will not let us in, or is broken. */
export class SubmissionStopped extends Error {
  override readonly name = 'SubmissionStopped'
}

export interface EventsClientOptions {
  /** Where the service is: `http://127.0.0.1:3080`. */
  readonly url: URL
  readonly key: string | undefined
  readonly clock: Clock
  /** How long a submission is tried again before it is given up. */
  readonly patienceMs: number
  /** Ends the waiting. What is being answered is still taken. */
  readonly signal: AbortSignal
  /** Hears why it is tried again, and when. */
  readonly onRetry: (why: string, delayMs: number) => void
}

const answerTimeoutMs = 60_000
const firstDelayMs = 500
const longestDelayMs = 30_000
const busy: ReadonlySet<number> = new Set([429, 502, 503, 504])

export class EventsClient {
  readonly #options: EventsClientOptions
  readonly #agent = new Agent({ headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs, connections: 1 })
  readonly #path: string
  readonly #headers: Readonly<Record<string, string>>
  /** Before the service has answered once, a wrong address is likelier than a restart. */
  #answered = false

  constructor(options: EventsClientOptions) {
    this.#options = options
    this.#path = `${options.url.pathname.replace(/\/+$/, '')}/api/v1/events`
    this.#headers = {
      'content-type': 'application/json',
      ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
    }
  }

  /**
   * Submits a body, again and again while the service is busy or away: it must hold idempotency keys.
   *
   * @throws SubmissionStopped
   */
  async submit(body: Buffer): Promise<ServiceAnswer> {
    const { clock, patienceMs } = this.#options
    const startedMs = clock.monotonic()
    for (let tries = 1; ; tries += 1) {
      const { answer, why } = await this.#post(body)
      if (answer !== null && !busy.has(answer.status)) return answer
      const delayMs = Math.max(answer?.retryAfterMs ?? 0, Math.min(firstDelayMs * 2 ** (tries - 1), longestDelayMs))
      if (clock.monotonic() - startedMs + delayMs > patienceMs) {
        throw new SubmissionStopped(`${why}; given up after ${countTries(tries)}`)
      }
      await this.wait(why, delayMs)
    }
  }

  /** @throws SubmissionStopped when it is interrupted */
  async wait(why: string, delayMs: number): Promise<void> {
    const { clock, signal, onRetry } = this.#options
    onRetry(why, delayMs)
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clock.clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = clock.setTimeout(end, delayMs)
      signal.addEventListener('abort', end)
      if (signal.aborted) end()
    })
    if (signal.aborted) throw new SubmissionStopped(`interrupted while it was waited for the service (${why})`)
  }

  close(): Promise<void> {
    return this.#agent.destroy()
  }

  async #post(body: Buffer): Promise<{ answer: ServiceAnswer | null; why: string }> {
    const { url, clock } = this.#options
    try {
      const {
        statusCode,
        headers,
        body: text,
      } = await this.#agent.request({
        origin: url.origin,
        path: this.#path,
        method: 'POST',
        headers: this.#headers,
        body,
      })
      const answer = readAnswer(statusCode, headers['retry-after'], await text.text(), clock.now())
      this.#answered = true
      return { answer, why: `the service answered ${statusCode}${answer.message === '' ? '' : `: ${answer.message}`}` }
    } catch (error) {
      const why = `the service at ${url.origin} cannot be reached: ${error instanceof Error ? error.message : String(error)}`
      if (!this.#answered)
        throw new SubmissionStopped(`${why}. Is it running? hookline serve starts it; --url says where`)
      return { answer: null, why }
    }
  }
}

function countTries(tries: number): string {
  return tries === 1 ? 'one try' : `${tries} tries`
}
