import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { OptionReader } from '../options/option-reader.ts'
import { checkPort } from '../options/value-checks.ts'
import type { SigningOptions } from '../signing/signing-options.ts'
import type { Answer } from './answer.ts'
import { AnswerScript, type RequestMatch } from './answer-script.ts'
import { HttpReceiver } from './http-receiver.ts'
import { noteReceiver } from './receivers-by-clock.ts'
import type { ReceivedRequest } from './received-request.ts'
import { RequestBook } from './request-book.ts'
import type { OrderViolation, RequestCounts } from './request-tally.ts'
import { createSignatureCheck, type ReceiverSecret } from './signature-check.ts'

export interface ReceiverOptions {
  /** Checks every signature with it: one secret (a list during rotation), or a function of the path. @default none */
  secret?: ReceiverSecret
  /** The endpoint's `signing` options, when they are not the default. */
  signing?: SigningOptions
  /** @default '127.0.0.1' */
  host?: string
  /** 0 takes a free port. @default 0 */
  port?: number
  /** The answer to every request for which the script holds none. @default 200 */
  default?: Answer
  /** Whether connections stay open after an answer. @default true */
  keepAlive?: boolean
  /** Whether requests are kept. Without, they are counted alone: for load tests. @default true */
  record?: boolean
  /**
   * Times `delayMs`, and judges the age of signatures. Give it the service's own, so that `runToRest` waits for its answers.
   * @default the machine's clock
   */
  clock?: Clock
}

/**
 * An HTTP server that answers as scripted and remembers what it got.
 *
 * A path is taken for one lane: where order or requests in flight matter, give each endpoint a path of its own and
 * leave its `ordering` at `'fifo'`.
 */
export interface Receiver {
  /** `http://127.0.0.1:40123`; add any path. */
  readonly url: string
  /** Every request in the order of arrival. Empty with `record: false`. */
  readonly requests: readonly ReceivedRequest[]
  /** How many requests have arrived. */
  readonly received: number
  /** How many of them had a wrong, old or missing signature. */
  readonly signatureFailures: number
  /** The most requests that were open at once, over all paths. One that the client has given up is open no longer. */
  readonly maxInFlight: number
  /** Every path that was asked for, with its query. */
  readonly paths: readonly string[]
  /**
   * Adds answers to the script. Each is given once, in order; after the last the receiver answers with `default`.
   * A function that throws is answered with a 500 whose body tells what it threw.
   *
   * @throws {InvalidOptionError}
   */
  respond(...answers: Answer[]): void
  /** The same for some requests only. It goes before {@link respond}, and an earlier call before a later one. */
  respondTo(match: RequestMatch, ...answers: Answer[]): void
  /**
   * Resolves with the first `count` requests as soon as so many have arrived, answered or not; with none of them
   * under `record: false`. Rejected when the receiver is closed first.
   *
   * @throws {InvalidOptionError} at once, when `count` is not a whole number.
   */
  waitFor(count: number): Promise<readonly ReceivedRequest[]>
  /**
   * Resolves as soon as the condition holds. It is looked at when a request has arrived and when one was responded
   * to. Rejected when it throws, and when the receiver is closed first.
   */
  waitUntil(condition: (receiver: Receiver) => boolean): Promise<void>
  /** What became of the requests of one path, or of all. */
  counts(path?: string): RequestCounts
  /**
   * The events that were first accepted (2xx) after a later one of their path, by `X-Event-Sequence`: the first
   * 1,000, while `counts` has the full number. A gap is no violation; a dead letter redelivered later is one.
   */
  orderViolations(): readonly OrderViolation[]
  /** Breaks every open connection; resolves when the port is free. */
  close(): Promise<void>
}

const optionNames = ['secret', 'signing', 'host', 'port', 'default', 'keepAlive', 'record', 'clock']

/**
 * Starts a receiver.
 *
 * @throws {InvalidOptionError} or InvalidSecretError; or the system's own error when the port cannot be had
 * @example
 * const receiver = await createReceiver({ secret })
 * receiver.respond(500, 'hang', { status: 503, headers: { 'retry-after': '2' } })
 */
export async function createReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const reader = new OptionReader(options, '', optionNames)
  const port = reader.wholeNumber('port', 0, { min: 0, max: 65_535 })
  const keepAlive = reader.boolean('keepAlive', true)
  const record = reader.boolean('record', true)
  const { host = '127.0.0.1', default: standing = 200, secret, signing } = options
  const clock = checkPort<Clock>(options.clock ?? systemClock, 'clock', ['now', 'setTimeout', 'clearTimeout'])
  const receiver = new HttpReceiver(
    new AnswerScript(standing),
    createSignatureCheck(secret, signing, () => clock.now()),
    new RequestBook(record),
    clock,
    keepAlive,
  )
  await receiver.listen(host, port)
  noteReceiver(clock, receiver)
  return receiver
}
