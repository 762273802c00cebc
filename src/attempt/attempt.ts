import { Task } from '../clock/scheduler.ts'
import type { AnswerReceiver, InFlightRequest, TransportResult } from '../transport/transport.ts'

/** Who made an attempt, and hears what came of it. */
export interface AttemptOwner {
  ended(attempt: Attempt, result: TransportResult): void
}

/** One HTTP request under way: its number, its deadline, and the way to end it. It reports exactly one result. */
export class Attempt extends Task implements AnswerReceiver {
  readonly number: number
  /** When it was sent, on the monotonic clock. */
  startedAt: number
  readonly #owner: AttemptOwner
  readonly #timeoutMs: number
  /** Null before it is sent, and again once a result is in. */
  request: InFlightRequest | null = null
  #over = false

  constructor(owner: AttemptOwner, number: number, startedAt: number, timeoutMs: number) {
    super()
    this.#owner = owner
    this.number = number
    this.startedAt = startedAt
    this.#timeoutMs = timeoutMs
  }

  /** The transport's result. Only the first counts: what comes after the deadline or an abort is late. */
  answered(result: TransportResult): void {
    if (this.#over) return
    this.#over = true
    this.request = null
    this.#owner.ended(this, result)
  }

  /** The deadline has passed. */
  due(): void {
    this.#cutOff('timeout')
    // The transport has reported by now if it knows more than we do: that the status had come, or that nothing was sent.
    this.answered({ kind: 'failed', reason: 'timeout', message: this.noAnswer, reach: 'unknown' })
  }

  /** Gives the attempt up without blame: the service is shutting down, or the endpoint was removed. */
  abort(): void {
    this.#cutOff('aborted')
    this.answered({ kind: 'failed', reason: 'aborted', message: 'the attempt was interrupted', reach: 'unknown' })
  }

  /** What a record says of an attempt whose deadline has passed. */
  get noAnswer(): string {
    return `no answer within ${this.#timeoutMs} ms`
  }

  #cutOff(reason: 'timeout' | 'aborted'): void {
    try {
      this.request?.abort(reason)
    } catch {
      // A transport never throws. One that does must not keep the attempt from ending.
    }
  }
}
