import type { DeadLetterEvent } from './event/dead-letter.ts'
import type { EventDetails } from './event/event-details.ts'
import type { EventPage } from './event/event-page.ts'
import type { EventQuery } from './event/event-query.ts'
import type { EventStatus } from './event/event-status.ts'
import type { RawJson } from './admission/raw-json.ts'
import type { SubmitOptions } from './admission/submit-options.ts'
import type { EndpointDetails } from './endpoint/endpoint-details.ts'
import type { EndpointIdsFilter } from './endpoint/endpoint-ids-filter.ts'
import type { EndpointOptions } from './endpoint/endpoint-options.ts'
import type { CapacityError, EndpointDisabledError, IdempotencyConflictError } from './errors/errors.ts'
import type { EndpointStats } from './endpoint-stats.ts'
import type { Explanation } from './explain/explain.ts'
import type { TransitionLog } from './log/transition-log.ts'
import type { ServiceEvents, ServiceEventType } from './notices/notices.ts'
import type { ServiceStats } from './service-stats.ts'
import type { ShutdownOptions, ShutdownReport } from './shutdown.ts'

/** Payloads by event type: `{ 'payment.succeeded': Payment }`. By default any type takes anything. */
export type PayloadMap = Record<string, unknown>

/** One event of `submitEvents`. */
export type BatchEvent<TPayloads extends object = PayloadMap> = {
  [Type in keyof TPayloads & string]: {
    readonly endpointId: string
    readonly eventType: Type
    readonly payload: TPayloads[Type] | RawJson
  } & Readonly<SubmitOptions>
}[keyof TPayloads & string]

/** What came of one event of `submitEach`: its id, or why it was not taken. */
export type SubmissionResult =
  { readonly eventId: string } | { readonly error: EndpointDisabledError | IdempotencyConflictError | CapacityError }

/** A change of an endpoint; what is left out stays as it is. `id` and `ordering` cannot be changed. */
export type EndpointPatch = Partial<Omit<EndpointOptions, 'id' | 'ordering'>> & { url?: string | URL }

export interface RotateSecretOptions {
  /** How long the old secret signs beside the new one. @default 86_400_000 (a day). Whole, 0 to 30 days. */
  overlapMs?: number | undefined
}

/**
 * Delivers events to endpoints, in the order submitted. Every call that is refused throws a `HooklineError` at once and
 * has changed nothing; a delivery that fails is never thrown, it is in the log.
 */
export interface WebhookService<TPayloads extends object = PayloadMap> {
  /**
   * Registers where to post. Returns the endpoint's id, `ep_…`.
   *
   * A home of the log that keeps endpoints brings them back when a service is made on it. Then `id` may be that of one that
   * came back: once in a process, what is given here replaces its URL, secret and settings, and its line goes on.
   *
   * @param url absolute, http or https, without credentials
   * @param secret signs every request: `whsec_…`, `whsk_…` (ed25519) or any other text
   * @throws InvalidUrlError, InvalidSecretError, InvalidOptionError, CapacityError, ServiceClosedError; DivergenceError when `id`
   *   is that of an endpoint whose own records in the log do not follow from one another
   */
  registerEndpoint(url: string | URL, secret: string, options?: EndpointOptions): string

  /**
   * Puts one event at the end of its line. Returns its id, `evt_…`.
   *
   * @param payload anything with a JSON form; it is serialised now, and those bytes are sent on every attempt. `rawJson` gives
   *   the bytes themselves
   * @throws EndpointNotFoundError, EndpointDisabledError, InvalidPayloadError, InvalidOptionError, PayloadTooLargeError,
   *   CapacityError, IdempotencyConflictError, ServiceClosedError
   */
  submitEvent<Type extends keyof TPayloads & string>(
    endpointId: string,
    eventType: Type,
    payload: TPayloads[Type] | RawJson,
    options?: SubmitOptions,
  ): string

  /**
   * Submits to every endpoint subscribed to the type that is not disabled: to all, or, when it throws, to none.
   * Returns the events' ids in the order in which their endpoints were registered.
   *
   * @throws InvalidPayloadError, InvalidOptionError, PayloadTooLargeError, CapacityError, IdempotencyConflictError,
   *   ServiceClosedError
   */
  publishEvent<Type extends keyof TPayloads & string>(
    eventType: Type,
    payload: TPayloads[Type] | RawJson,
    options?: SubmitOptions,
  ): string[]

  /**
   * Submits up to 10,000 events, each to its own endpoint: all of them, or, when it throws, none; the message names the
   * item: `events[3]`. Those of one line keep their order. Returns their ids, in order. Two with the same endpoint and
   * `idempotencyKey` are one event, as in calls one after the other.
   *
   * @throws what submitEvent throws
   */
  submitEvents(events: readonly BatchEvent<TPayloads>[]): string[]

  /**
   * The same, where one event may be taken and another not: what a disabled endpoint, an idempotency key or a limit
   * refuses is left out, and the others are stored together. Returns what came of each, in order, as if each had been
   * submitted by a call of its own.
   *
   * @throws what submitEvents throws for a batch that is not valid (EndpointNotFoundError, InvalidPayloadError,
   *   InvalidOptionError, PayloadTooLargeError) or a service that was shut down; nothing is stored then
   */
  submitEach(events: readonly BatchEvent<TPayloads>[]): SubmissionResult[]

  /** @throws EventNotFoundError */
  getEventStatus(eventId: string): EventStatus

  /** An endpoint's dead letters, oldest first. @throws EndpointNotFoundError */
  getDeadLetterEvents(endpointId: string): DeadLetterEvent[]

  /** Payload, place in line, every attempt. @throws EventNotFoundError */
  getEvent(eventId: string): EventDetails

  /**
   * Events page by page, in the order of their submission, the newest first unless asked otherwise: all that are kept, waiting
   * and settled, and those of endpoints that were removed. One whose records are damaged is left out.
   *
   * Pages joined by their cursors hold each event once, and none is missing, whatever is submitted meanwhile; an event is
   * told of as it is when its page is made. A call looks at no more than 10,000 events, and reads no more than 16 MiB of
   * bodies and one event's; then a page holds fewer than `limit`, even none, and `nextCursor` goes on.
   *
   * @throws InvalidOptionError; StorageError when the home of the log cannot be read
   */
  listEvents(query?: EventQuery): EventPage

  /** Why the event is where it is. @throws EventNotFoundError */
  explain(eventId: string): Explanation

  /**
   * Puts a settled event back at the end of its line (in front, if it holds the line), with its id, its place number and
   * a fresh budget of attempts. An event in backoff is tried again at once. One that waits or is in flight is left alone.
   *
   * @throws EventNotFoundError, EndpointNotFoundError (it was removed), CapacityError (never for one that holds its line),
   *   ServiceClosedError
   */
  redeliver(eventId: string): void

  /** Redelivers all of an endpoint's dead letters, oldest first. Returns how many. @throws EndpointNotFoundError, CapacityError, ServiceClosedError */
  redeliverDeadLetters(endpointId: string): number

  /**
   * Forgets a settled event for good: its records leave the log, its idempotency key is free again, and no call knows its id any
   * more. `flush` tells when that is durable.
   *
   * @throws EventNotFoundError, ServiceClosedError; EventNotSettledError when it waits, is under way, or holds its line
   */
  removeEvent(eventId: string): void

  /** @throws EndpointNotFoundError */
  getEndpoint(endpointId: string): EndpointDetails

  /** In the order of registration. */
  listEndpoints(): EndpointDetails[]

  /** The ids alone, of all or of those that are asked for: cheap however many others there are. @throws InvalidOptionError */
  endpointIds(filter?: EndpointIdsFilter): string[]

  /** Changes settings or URL; attempts that start later use them. @throws EndpointNotFoundError, InvalidUrlError, InvalidOptionError, ServiceClosedError */
  updateEndpoint(endpointId: string, patch: EndpointPatch): EndpointDetails

  /**
   * Forgets an endpoint. A request in flight is cut off, and what waits is settled as `failed`, reason `endpoint_removed`: a
   * backlog of less than 500 events within the call, a longer one soon after, some at a time. Until then its `id` is not free.
   *
   * @throws EndpointNotFoundError, ServiceClosedError
   */
  removeEndpoint(endpointId: string): void

  /** No attempt starts until `resumeEndpoint`; one in flight ends as it ends. Submissions are taken. A disabled endpoint stays disabled. @throws EndpointNotFoundError, ServiceClosedError */
  pauseEndpoint(endpointId: string): void

  /** Lets the line of a paused, disabled or halted endpoint go on. @throws EndpointNotFoundError, ServiceClosedError */
  resumeEndpoint(endpointId: string): void

  /**
   * Signs with a new secret. During the overlap `webhook-signature` carries the old secret's signature beside it; the
   * single-valued headers (`X-Signature`, `X-Event-Sequence-Signature`) switch at once. A second rotation within the
   * overlap drops the oldest secret.
   *
   * @throws EndpointNotFoundError, InvalidSecretError, InvalidOptionError, ServiceClosedError
   */
  rotateSecret(endpointId: string, secret: string, options?: RotateSecretOptions): void

  /**
   * Resolves when nothing is pending, delivering or backing off. It waits for paused, disabled and halted lines too, and
   * rejects with `ServiceClosedError` when the service is shut down first.
   */
  drain(): Promise<void>

  /**
   * Resolves when all that was submitted, registered or changed before is as durable as the home of the log makes it: at once
   * in memory, after the commit that holds it in a file. Await it before you tell anyone that an event was accepted.
   *
   * Rejects with `StorageError` when it is not durable, or not yet. It may be stored all the same: submit it again with the
   * same `idempotencyKey`, and it is one event either way.
   */
  flush(): Promise<void>

  stats(): ServiceStats

  /** What waits for one endpoint, its dead letters, and what became of its events since the start. @throws EndpointNotFoundError */
  endpointStats(endpointId: string): EndpointStats

  /** Listens to service events. What the listener throws, or the promise it returns rejects with, becomes a `listenerFailed` event. Returns a function that ends it. @throws InvalidOptionError */
  on<Type extends ServiceEventType>(type: Type, listener: (event: ServiceEvents[Type]) => void): () => void

  /** Every transition of every event. */
  readonly log: TransitionLog

  /**
   * Refuses new submissions from now on, starts no new attempt, waits for the requests in flight, and closes. Calling it
   * again returns the same promise.
   *
   * @throws InvalidOptionError
   */
  shutdown(options?: ShutdownOptions): Promise<ShutdownReport>
}
