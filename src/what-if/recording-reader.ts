// Takes in the records of a log, and gives what was asked of the service and how its endpoints behaved.
import type { Failure } from '../attempt/failure.ts'
import type { EndpointEvent } from '../../machines/endpoint.ts'
import type { BreakerEvent } from '../../machines/breaker.ts'
import { LogFormatError } from '../errors/errors.ts'
import { isEndpointTransition } from '../log/transition.ts'
import type { EndpointTransition, EventSubmitted, LogRecord, Transition } from '../log/transition.ts'
import { EndpointHistory } from './endpoint-history.ts'
import type { Observation } from './endpoint-history.ts'
import type { Policy } from './policy.ts'
import { answerToFailure, isAboutEvent } from './recorded-answer.ts'
import type { Happening, RecordedEndpoint, RecordedEvent, Recording } from './recording.ts'
import { Tally } from './tally.ts'

/** An event on its way through the log. */
interface OpenEvent {
  readonly index: number
  readonly recorded: RecordedEvent
  attemptStartedMs: number
  /** Of this round: a redelivery begins a new one. */
  attemptsInRound: number
}

type EndedAttempt = Extract<Transition['event'], { durationMs: number }>

export class RecordingReader {
  readonly #recordedUnder: Policy
  readonly #endpoints: RecordedEndpoint[] = []
  readonly #endpointIndex = new Map<string, number>()
  readonly #events: RecordedEvent[] = []
  readonly #open = new Map<string, OpenEvent>()
  readonly #happenings: Happening[] = []
  readonly #tally = new Tally()
  #startMs = 0
  #nowMs = 0
  #records = 0
  #retryAfters = 0

  /** @param recordedUnder the policy the log was recorded under: what waits longer than it says was asked to by the endpoint */
  constructor(recordedUnder: Policy) {
    this.#recordedUnder = recordedUnder
  }

  get records(): number {
    return this.#records
  }

  /** @throws LogFormatError when its time is none */
  take(record: LogRecord, line: number): void {
    this.#tick(record, line)
    if (isEndpointTransition(record)) this.#takeEndpoint(record)
    else this.#takeEvent(record)
  }

  recording(): Recording {
    return {
      endpoints: this.#endpoints,
      events: this.#events,
      happenings: this.#happenings,
      tally: this.#tally,
      startMs: this.#startMs,
      records: this.#records,
      retryAfters: this.#retryAfters,
    }
  }

  /** A clock that was set back stands still here until it has caught up: the order of records is never in doubt. */
  #tick({ at }: LogRecord, line: number): void {
    const ms = Date.parse(at)
    if (Number.isNaN(ms)) throw new LogFormatError(`line ${line} of the log is not a record: its "at" is no time`, line)
    if (this.#records === 0) this.#startMs = this.#nowMs = ms
    this.#nowMs = Math.max(this.#nowMs, ms)
    this.#records += 1
  }

  #takeEndpoint({ endpointId, event, machine }: EndpointTransition): void {
    const kind = machine.startsWith('endpoint@') ? happeningOf(event) : null
    if (kind === null) return
    if (kind === 'removed') this.#removed(this.#endpointIndex.get(endpointId) ?? -1)
    else this.#happenings.push({ kind, atMs: this.#nowMs, endpoint: this.#endpoint(endpointId) })
  }

  /** An endpoint's own records go with it, but not those of the events that waited for it then. */
  #removed(endpoint: number): void {
    const known = this.#endpoints[endpoint]
    if (known === undefined || known.removed) return
    known.removed = true
    this.#happenings.push({ kind: 'removed', atMs: this.#nowMs, endpoint })
  }

  #takeEvent(transition: Transition): void {
    const { eventId, event, endpointId } = transition
    if (event.type === 'event.submitted') this.#submitted(eventId, endpointId, event)
    const open = this.#open.get(eventId)
    if (open === undefined) return
    this.#tally.take(open.index, endpointId, transition, this.#nowMs)
    switch (event.type) {
      case 'event.submitted':
        return
      case 'attempt.started':
        open.attemptStartedMs = this.#nowMs
        open.attemptsInRound += 1
        return
      case 'redelivery.requested':
        this.#redelivered(open, transition.from)
        return
      case 'line.released':
        this.#happenings.push({ kind: 'resumed', atMs: this.#nowMs, endpoint: open.recorded.endpoint })
        return
      case 'event.abandoned':
        if (event.failure.reason === 'endpoint_removed') this.#removed(open.recorded.endpoint)
        return
      default:
        this.#attemptEnded(open, event)
    }
  }

  #submitted(eventId: string, endpointId: string, submitted: EventSubmitted): void {
    const { eventType, orderingKey, ordering = 'fifo' } = submitted
    const endpoint = this.#endpoint(endpointId)
    const known = this.#endpoints[endpoint]
    if (known !== undefined) known.ordering = ordering
    const index = this.#events.length
    const recorded: RecordedEvent = { eventId, endpoint, eventType, orderingKey, refusals: null }
    this.#events.push(recorded)
    this.#open.set(eventId, { index, recorded, attemptStartedMs: this.#nowMs, attemptsInRound: 0 })
    this.#happenings.push({ kind: 'submitted', atMs: this.#nowMs, event: index })
  }

  #redelivered(open: OpenEvent, from: Transition['from']): void {
    const { index, recorded } = open
    open.attemptsInRound = 0
    const refusal = recorded.refusals?.at(-1)
    if (refusal?.endsMs === Infinity) refusal.endsMs = this.#nowMs
    this.#happenings.push({ kind: 'redelivered', atMs: this.#nowMs, event: index, from })
  }

  #attemptEnded(open: OpenEvent, event: EndedAttempt): void {
    const endpoint = this.#endpoints[open.recorded.endpoint]
    // How an attempt that hookline itself cut off would have ended, nobody knows.
    if (event.type === 'attempt.interrupted') open.attemptsInRound -= 1
    if (endpoint === undefined || event.type === 'attempt.interrupted') return
    if (event.type === 'attempt.succeeded') {
      const answer = { kind: 'answered', status: event.status, retryAfterMs: null } as const
      endpoint.history.add(this.#observation(open, event, answer))
      return
    }
    if (event.type === 'attempt.failed') {
      if (event.holdsLine === true) endpoint.halts = true
      const asked = this.#retryAfterMs(open, endpoint, event.failure, Date.parse(event.retryAt) - Date.parse(event.at))
      endpoint.history.add(this.#observation(open, event, answerToFailure(event.failure, asked)))
      return
    }
    const observation = this.#observation(open, event, answerToFailure(event.failure, null))
    if (!isAboutEvent(event.failure)) {
      endpoint.history.add(observation)
      return
    }
    ;(open.recorded.refusals ??= []).push({ observation, endsMs: Infinity })
    // Whoever refuses one event would have taken another.
    const accepts = { kind: 'answered', status: 200, retryAfterMs: null } as const
    if (observation.answer.kind === 'answered') endpoint.history.add({ ...observation, answer: accepts })
  }

  #observation(open: OpenEvent, { durationMs }: EndedAttempt, answer: Observation['answer']): Observation {
    return { event: open.index, startMs: open.attemptStartedMs, durationMs: durationMs > 0 ? durationMs : 0, answer }
  }

  /** The header is not in the log. Only what the policy could not have drawn by itself was asked for. */
  #retryAfterMs(open: OpenEvent, endpoint: RecordedEndpoint, { status }: Failure, delayMs: number): number | null {
    if (status !== 429 && status !== 503) return null
    const { eventType } = open.recorded
    const { initialDelayMs, multiplier, maxDelayMs, jitter } = this.#recordedUnder.retryFor(endpoint, eventType)
    const plainMs = Math.min(initialDelayMs * multiplier ** (open.attemptsInRound - 1), maxDelayMs)
    if (!(delayMs > Math.round(plainMs * (1 + jitter)))) return null
    this.#retryAfters += 1
    return delayMs
  }

  /** One that was removed and registered again under its id is another: nothing of the former is left. */
  #endpoint(endpointId: string): number {
    let index = this.#endpointIndex.get(endpointId)
    if (index === undefined || this.#endpoints[index]?.removed === true) {
      index = this.#endpoints.length
      this.#endpointIndex.set(endpointId, index)
      this.#endpoints.push({
        endpointId,
        ordering: 'fifo',
        halts: false,
        removed: false,
        history: new EndpointHistory(),
      })
    }
    return index
  }
}

function happeningOf(
  event: EndpointEvent | BreakerEvent,
): 'paused' | 'resumed' | 'removed' | 'gone' | 'autoDisabled' | null {
  switch (event.type) {
    case 'endpoint.paused':
      return 'paused'
    case 'endpoint.resumed':
      return 'resumed'
    case 'endpoint.removed':
      return 'removed'
    case 'endpoint.disabled':
      return event.reason === 'failing' ? 'autoDisabled' : 'gone'
    default:
      return null
  }
}
