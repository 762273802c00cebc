// A lane's attempts, one at a time: from the signed request to the machine event that reports what came of it.
import type { DeliveryEvent } from '../../machines/delivery.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import type { Endpoint } from '../endpoint/endpoint.ts'
import type { Redaction } from '../endpoint/redaction.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { Random } from '../random/random.ts'
import { applyRetryAfter } from '../retry/retry-after.ts'
import { retryDelayMs } from '../retry/retry-delay.ts'
import type { RetryPolicy } from '../retry/retry-policy.ts'
import type { OutgoingRequest, Transport, TransportResult } from '../transport/transport.ts'
import { Attempt } from './attempt.ts'
import type { AttemptOwner } from './attempt.ts'
import { buildRequest } from './build-request.ts'
import { judge } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import { outcomeEvent } from './outcome-event.ts'
import { readResult } from './read-result.ts'

export interface AttemptPorts {
  readonly clock: Clock
  readonly random: Random
  readonly scheduler: Scheduler
  readonly transport: Transport
  policyFor(endpoint: Endpoint, eventType: string): RetryPolicy
  timeoutMsFor(endpoint: Endpoint): number
  /** Of the log that outlives the process: calls `act` once what was appended is durable, or never will be. Null: it is at once all it will ever be. */
  readonly afterCommit: ((act: (error: Error | null) => void) => void) | null
}

/** Who is told when an attempt has ended. */
export interface AttemptListener {
  /** `event` reports it to the delivery; `outcome` says the same to everyone else. */
  attemptEnded(record: EventRecord, event: DeliveryEvent, outcome: Outcome): void
  /** The attempt is over, and what came of it could not be worked out: hookline's own code, or a port, failed. */
  attemptBroken(record: EventRecord, error: unknown): void
}

export class AttemptRunner implements AttemptOwner {
  readonly #endpoint: Endpoint
  readonly #ports: AttemptPorts
  readonly #listener: AttemptListener
  #attempt: Attempt | null = null
  #record: EventRecord | null = null
  #sent = false
  /** As the endpoint was set when the attempt started. */
  #redaction: Redaction

  constructor(endpoint: Endpoint, ports: AttemptPorts, listener: AttemptListener) {
    this.#endpoint = endpoint
    this.#redaction = endpoint.redaction
    this.#ports = ports
    this.#listener = listener
  }

  /** Whether a request is in flight. */
  get running(): boolean {
    return this.#attempt !== null
  }

  /**
   * Sends one request, as soon as the record of its start is durable; until then it can be cut off like one in flight. Its deadline counts from
   * when it is sent. What this throws comes before anything is sent.
   */
  start(record: EventRecord, number: number): void {
    const { clock, afterCommit } = this.#ports
    const timeoutMs = this.#ports.timeoutMsFor(this.#endpoint)
    const attempt = new Attempt(this, number, clock.monotonic(), timeoutMs)
    if (afterCommit === null) {
      const request = buildRequest(this.#endpoint, record, number, clock.now())
      this.#begin(attempt, record)
      this.#send(attempt, request, timeoutMs)
      return
    }
    this.#begin(attempt, record)
    afterCommit((error) => {
      if (error === null) this.#sendIfWanted(attempt, record, timeoutMs)
      // The log takes no more records, this one neither; it is offered all the same.
      else attempt.abort()
    })
  }

  /** Gives up an attempt that was not sent yet: its record is not durable. */
  abortUnsent(): void {
    if (this.#attempt !== null && !this.#sent) this.#attempt.abort()
  }

  /** Cuts the request off, without blame. Returns whether there was one. */
  abort(): boolean {
    if (this.#attempt === null) return false
    this.#attempt.abort()
    return true
  }

  ended(attempt: Attempt, result: TransportResult): void {
    const record = this.#record
    if (attempt !== this.#attempt || record === null) return
    this.#attempt = null
    this.#record = null
    this.#ports.scheduler.cancel(attempt)
    let report
    try {
      report = this.#report(attempt, record, result)
    } catch (error) {
      this.#listener.attemptBroken(record, error)
      return
    }
    this.#listener.attemptEnded(record, report.event, report.outcome)
  }

  #begin(attempt: Attempt, record: EventRecord): void {
    this.#attempt = attempt
    this.#record = record
    this.#sent = false
    this.#redaction = this.#endpoint.redaction
  }

  /** It may have been cut off while its record was being written. */
  #sendIfWanted(attempt: Attempt, record: EventRecord, timeoutMs: number): void {
    if (attempt !== this.#attempt) return
    const { clock } = this.#ports
    attempt.startedAt = clock.monotonic()
    let request
    try {
      request = buildRequest(this.#endpoint, record, attempt.number, clock.now())
    } catch (error) {
      this.#break(attempt, record, error)
      return
    }
    this.#send(attempt, request, timeoutMs)
  }

  #send(attempt: Attempt, request: OutgoingRequest, timeoutMs: number): void {
    this.#sent = true
    this.#ports.scheduler.schedule(attempt, timeoutMs)
    try {
      attempt.request = this.#ports.transport.send(request, attempt)
    } catch {
      // A transport never throws. Of one that does we cannot know what it sent, and this event alone bears it.
      const message = 'the request cannot be sent'
      attempt.answered({ kind: 'failed', reason: 'invalid_request', message, reach: 'unknown' })
    }
  }

  /** Nothing was sent, and nothing will be. */
  #break(attempt: Attempt, record: EventRecord, error: unknown): void {
    if (attempt !== this.#attempt) return
    this.#attempt = null
    this.#record = null
    this.#listener.attemptBroken(record, error)
  }

  #report(attempt: Attempt, record: EventRecord, result: TransportResult): { event: DeliveryEvent; outcome: Outcome } {
    const { clock } = this.#ports
    const policy = this.#ports.policyFor(this.#endpoint, record.submitted.event.eventType)
    const outcome = judge(this.#read(attempt, result), policy)
    const nowMs = clock.now()
    const end = {
      attempt: attempt.number,
      at: isoTime(nowMs),
      durationMs: Math.round(clock.monotonic() - attempt.startedAt),
      holdsLine: this.#endpoint.settings.whenExhausted === 'halt' && record.state.context.left === 0,
    }
    const retryAt = isoTime(nowMs + this.#retryDelayMs(record, outcome, policy, nowMs))
    return { event: outcomeEvent(outcome, end, retryAt), outcome }
  }

  #read(attempt: Attempt, result: TransportResult): TransportResult {
    const read = readResult(result, this.#redaction)
    return read.kind === 'failed' && read.reason === 'timeout' ? { ...read, message: attempt.noAnswer } : read
  }

  /** The delay counts from the first attempt of this round, so that a redelivery begins with short ones again. */
  #retryDelayMs(record: EventRecord, outcome: Outcome, policy: RetryPolicy, nowMs: number): number {
    if (outcome.kind !== 'retriable') return 0
    const { budget, left } = record.state.context
    const delayMs = retryDelayMs(policy, budget - left, this.#ports.random)
    return applyRetryAfter(delayMs, outcome.retryAfter, nowMs, policy.maxDelayMs)
  }
}
