// The transport port without a network: what an endpoint answers is a script, and nothing takes any time.
import type {
  AnswerReceiver,
  InFlightRequest,
  OutgoingRequest,
  Transport,
  TransportFailureReason,
  TransportResult,
} from '../../src/transport/transport.ts'

/** A status; why no answer came; a whole result; or `held`: no answer until the test gives one. */
export type ScriptedAnswer = number | TransportFailureReason | TransportResult | 'held'

/** One request as the scripted endpoint saw it. */
export interface ScriptedRequest {
  readonly endpointId: string
  readonly eventId: string
  readonly eventType: string
  readonly attempt: number
  readonly sequence: number
  readonly body: string
  header(name: string): string | undefined
  /** Whether there is no result yet. */
  readonly open: boolean
  /** Answers a held request; like a transport's own answer it counts once. */
  answer(answer: Exclude<ScriptedAnswer, 'held'>): void
}

export interface ScriptedTransport extends Transport {
  /** Every request sent, oldest first. */
  readonly requests: readonly ScriptedRequest[]
  /** Those without a result, oldest first. */
  readonly open: readonly ScriptedRequest[]
  /** Endpoints whose connections were let go of. */
  readonly released: readonly string[]
  readonly closed: boolean
  /** Decides the answers from now on. */
  respond(script: (request: ScriptedRequest) => ScriptedAnswer): void
}

export function createScriptedTransport(
  script: (request: ScriptedRequest) => ScriptedAnswer = () => 200,
): ScriptedTransport {
  const requests: Exchange[] = []
  const released: string[] = []
  let answerTo = script
  let closed = false
  return {
    requests,
    released,
    get open() {
      return requests.filter(({ open }) => open)
    },
    get closed() {
      return closed
    },
    respond(next) {
      answerTo = next
    },
    send(request, receiver) {
      const exchange = new Exchange(request, receiver)
      requests.push(exchange)
      const answer = answerTo(exchange)
      // A receiver is never called from inside `send`.
      if (answer !== 'held') {
        queueMicrotask(() => {
          exchange.answer(answer)
        })
      }
      return exchange
    },
    release(endpointId) {
      released.push(endpointId)
    },
    close() {
      closed = true
      return Promise.resolve()
    },
  }
}

class Exchange implements ScriptedRequest, InFlightRequest {
  readonly #request: OutgoingRequest
  readonly #receiver: AnswerReceiver
  open = true

  constructor(request: OutgoingRequest, receiver: AnswerReceiver) {
    this.#request = request
    this.#receiver = receiver
  }

  get endpointId(): string {
    return this.#request.endpointId
  }

  get eventId(): string {
    return this.header('X-Event-Id') ?? ''
  }

  get eventType(): string {
    return this.header('X-Event-Type') ?? ''
  }

  get attempt(): number {
    return Number(this.header('X-Event-Attempt'))
  }

  get sequence(): number {
    return Number(this.header('X-Event-Sequence'))
  }

  get body(): string {
    return this.#request.body
  }

  header(name: string): string | undefined {
    const { headers } = this.#request
    const index = headers.findIndex((text, place) => place % 2 === 0 && text.toLowerCase() === name.toLowerCase())
    return index === -1 ? undefined : headers[index + 1]
  }

  answer(answer: Exclude<ScriptedAnswer, 'held'>): void {
    if (!this.open) return
    this.open = false
    this.#receiver.answered(resultOf(answer))
  }

  abort(reason: 'timeout' | 'aborted'): void {
    this.answer(reason)
  }
}

function resultOf(answer: Exclude<ScriptedAnswer, 'held'>): TransportResult {
  if (typeof answer === 'number') return { kind: 'answered', status: answer, retryAfter: null, snippet: null }
  if (typeof answer === 'string') return { kind: 'failed', reason: answer, message: answer, reach: 'unknown' }
  return answer
}
