// Where an event's time went: for each part of it, what the event waited for. Told by the records of the event itself, of
// those before it in line, and of its endpoint.
import type { ExplanationReason } from '../explain/cause.ts'
import { isoTime } from '../clock/iso-time.ts'
import type { Transition } from '../log/transition.ts'
import { isInLine, statusCode } from './delivery-statuses.ts'
import type { RecordedEvent } from './recorded-event.ts'
import type { RecordedState } from './recorded-state.ts'
import { divideTime } from './spans.ts'
import type { Span } from './spans.ts'

/** What an event waited for in a part of its time. */
export type WaitReason = Exclude<ExplanationReason, 'delivered' | 'failed' | 'deadLettered' | 'serviceClosed'>

/** A part of an event's time in line. */
export interface Wait {
  readonly reason: WaitReason
  /** Whom it waited behind, and what became of that event meanwhile; null where it waited for something else. */
  readonly behind: BehindEvent | null
  /** ISO 8601. */
  readonly from: string
  readonly to: string
  readonly ms: number
}

export interface BehindEvent {
  readonly eventId: string
  /** How many attempts it started meanwhile. */
  readonly attempts: number
  /** How long of it that event was in backoff. */
  readonly backoffMs: number
}

interface What {
  readonly reason: WaitReason
  readonly eventId: string | null
}

/** What holds an event at one time, the foremost first: as the live explanation has it. */
const foremostFirst: readonly WaitReason[] = [
  'inFlight',
  'endpointDisabled',
  'endpointPaused',
  'lineHalted',
  'behind',
  'backoff',
  'breakerOpen',
  'rateLimited',
]

const turn: What = { reason: 'waitingForTurn', eventId: null }

/** The parts of the time that an event has been in line, in order. Once settled, it waits no more. */
export function waitsOf(state: RecordedState, event: RecordedEvent): Wait[] {
  const records = state.recordsOf(event.eventId)
  const places = state.placesOf(event.eventId)
  const spans = [...ownSpans(records, state.timeMs), ...endpointSpans(state, event.endpointId)]
  for (const { eventId, from, to } of state.haltsOf(event)) {
    if (eventId !== event.eventId) spans.push(spanOf('lineHalted', eventId, state.timeOf(from), state.timeOf(to)))
  }
  return roundsOf(records, places).flatMap(({ from, to }) => {
    const ahead = headSpans(state, event, from, to)
    const pieces = divideTime([...spans, ...ahead], state.timeOf(from), state.timeOf(to), turn)
    return pieces.map(({ what, fromMs, toMs }) => waitOf(state, what, fromMs, toMs))
  })
}

/** The times the event was in line, from the record with which it joined to the one with which it settled. */
function roundsOf(records: readonly Transition[], places: Int32Array): { from: number; to: number }[] {
  const rounds: { from: number; to: number }[] = []
  for (const [index, { from, to }] of records.entries()) {
    const place = places[index] ?? 0
    const joined = !isInLine(statusCode(from)) && isInLine(statusCode(to))
    const left = isInLine(statusCode(from)) && !isInLine(statusCode(to))
    const round = rounds.at(-1)
    if (joined) rounds.push({ from: place, to: Infinity })
    else if (left && round !== undefined) round.to = place
  }
  return rounds
}

function ownSpans(records: readonly Transition[], nowMs: number): Span<What>[] {
  const spans: Span<What>[] = []
  for (const [index, { event, to }] of records.entries()) {
    const atMs = Date.parse(event.at)
    const next = records[index + 1]
    const nextMs = next === undefined ? nowMs : Date.parse(next.event.at)
    if (event.type === 'attempt.started') {
      spans.push(spanOf('inFlight', null, atMs, nextMs))
      spans.push(spanOf('rateLimited', null, atMs - (event.rateLimitedMs ?? 0), atMs))
    } else if (event.type === 'attempt.failed' && to === 'backoff') {
      spans.push(spanOf('backoff', null, atMs, Math.min(Date.parse(event.retryAt), nextMs)))
    }
  }
  return spans
}

function endpointSpans(state: RecordedState, endpointId: string): Span<What>[] {
  const spans: Span<What>[] = []
  const since = new Map<string, { reason: WaitReason; atMs: number }>()
  const end = (machine: string, atMs: number): void => {
    const began = since.get(machine)
    if (began !== undefined) spans.push(spanOf(began.reason, null, began.atMs, atMs))
    since.delete(machine)
  }
  for (const { machine, to, at } of state.recordsOfEndpoint(endpointId)) {
    const atMs = Date.parse(at)
    end(machine, atMs)
    const reason = endpointReasons.get(to)
    if (reason !== undefined) since.set(machine, { reason, atMs })
  }
  for (const machine of [...since.keys()]) end(machine, state.timeMs)
  return spans
}

/** What of an endpoint's and its breaker's states holds its lines. */
const endpointReasons: ReadonlyMap<string, WaitReason> = new Map([
  ['paused', 'endpointPaused'],
  ['disabled', 'endpointDisabled'],
  ['open', 'breakerOpen'],
])

/** Who was the head of the line, one after the other, until the event was. */
function headSpans(state: RecordedState, event: RecordedEvent, from: number, to: number): Span<What>[] {
  const spans: Span<What>[] = []
  let reachedMs = -Infinity
  for (const stay of state.staysBefore(event, from, Math.min(to, state.place))) {
    const endMs = state.timeOf(stay.to)
    const startMs = Math.max(reachedMs, state.timeOf(stay.from))
    if (endMs > startMs) spans.push(spanOf('behind', stay.eventId, startMs, endMs))
    reachedMs = Math.max(reachedMs, endMs)
  }
  return spans
}

function waitOf(state: RecordedState, what: What, fromMs: number, toMs: number): Wait {
  const { reason, eventId } = what
  const behind = eventId === null ? null : behindEvent(state, eventId, fromMs, toMs)
  return { reason, behind, from: isoTime(fromMs), to: isoTime(toMs), ms: toMs - fromMs }
}

function behindEvent(state: RecordedState, eventId: string, fromMs: number, toMs: number) {
  const places = state.placesOf(eventId)
  let attempts = 0
  let backoffMs = 0
  for (const [index, place] of places.entries()) {
    const atMs = state.timeOf(place)
    if (state.typeOf(place) === 'attempt.started' && atMs >= fromMs && atMs <= toMs) attempts += 1
    if (state.typeOf(place) !== 'attempt.failed') continue
    const next = places[index + 1]
    const endMs = next === undefined ? state.timeMs : state.timeOf(next)
    backoffMs += Math.max(0, Math.min(endMs, toMs) - Math.max(atMs, fromMs))
  }
  return { eventId, attempts, backoffMs }
}

function spanOf(reason: WaitReason, eventId: string | null, fromMs: number, toMs: number): Span<What> {
  return { what: { reason, eventId }, rank: foremostFirst.indexOf(reason), fromMs, toMs }
}
