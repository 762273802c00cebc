// The transport of a run: endpoints that do what they did when the log was recorded. Nothing leaves the process.
import { Task } from '../clock/scheduler.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import type {
  AnswerReceiver,
  InFlightRequest,
  OutgoingRequest,
  Transport,
  TransportResult,
} from '../transport/transport.ts'
import type { Observation, RecordedAnswer } from './endpoint-history.ts'

/** What an endpoint does with an attempt of an event that starts now. */
export type AnswerTo = (eventId: string) => Observation

/** Endpoints as they were recorded. Their answers take the time that they took. */
export class RecordedNetwork implements Transport {
  readonly #scheduler: Scheduler
  readonly #answerTo: AnswerTo

  constructor(scheduler: Scheduler, answerTo: AnswerTo) {
    this.#scheduler = scheduler
    this.#answerTo = answerTo
  }

  send({ headers }: OutgoingRequest, receiver: AnswerReceiver): InFlightRequest {
    const { answer, durationMs } = this.#answerTo(eventIdIn(headers))
    const exchange = new Exchange(this.#scheduler, receiver, answer)
    if (answer.kind !== 'silent') this.#scheduler.schedule(exchange, durationMs)
    return exchange
  }

  release(): void {
    // There are no connections.
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

class Exchange extends Task implements InFlightRequest {
  readonly #scheduler: Scheduler
  readonly #receiver: AnswerReceiver
  readonly #answer: RecordedAnswer

  constructor(scheduler: Scheduler, receiver: AnswerReceiver, answer: RecordedAnswer) {
    super()
    this.#scheduler = scheduler
    this.#receiver = receiver
    this.#answer = answer
  }

  due(): void {
    this.#receiver.answered(resultOf(this.#answer))
  }

  abort(reason: 'timeout' | 'aborted'): void {
    this.#scheduler.cancel(this)
    this.#receiver.answered({ kind: 'failed', reason, message: reason, reach: 'unknown' })
  }
}

/** Names and values in turn; a value may read like a name. */
function eventIdIn(headers: OutgoingRequest['headers']): string {
  for (let place = 0; place < headers.length; place += 2) {
    if (headers[place] === 'X-Event-Id') return headers[place + 1] ?? ''
  }
  return ''
}

function resultOf(answer: RecordedAnswer): TransportResult {
  switch (answer.kind) {
    case 'answered': {
      const { status, retryAfterMs } = answer
      const retryAfter = retryAfterMs === null ? null : String(Math.ceil(retryAfterMs / 1000))
      return { kind: 'answered', status, retryAfter, snippet: null }
    }
    case 'failed':
      return answer
    case 'silent':
      throw new Error('an endpoint that stays silent was made to answer')
  }
}
