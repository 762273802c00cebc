// Where an event's time went: for each part of it, what the event waited for.
import { isoTime } from '../clock/iso-time.ts'
import type { Transition } from '../log/transition.ts'
import { isInLine, statusCode } from './delivery-statuses.ts'
import type { RecordedEvent } from './recorded-event.ts'
import type { RecordedState } from './recorded-state.ts'
import { divideTime } from './spans.ts'
import { endpointSpans, haltSpans, headSpans, itsTurn, ownSpans } from './wait-spans.ts'
import type { Hold, HoldSpan, WaitReason } from './wait-spans.ts'

/** A part of an event's time in line. */
export interface Wait {
  readonly reason: WaitReason
  /** Whom it waited behind, or the dead letter that held the line; null where it waited for something else. */
  readonly behind: BehindEvent | null
  /** ISO 8601. */
  readonly from: string
  readonly to: string
  readonly ms: number
}

/** What became meanwhile of the event that another waited behind. */
export interface BehindEvent {
  readonly eventId: string
  /** How many attempts it started. */
  readonly attempts: number
  /** What held it, and for how many milliseconds. */
  readonly spentMs: Readonly<Partial<Record<WaitReason, number>>>
}

/** The parts of the time that an event has been in line, in order. Once settled, it waits no more. */
export function waitsOf(state: RecordedState, event: RecordedEvent): Wait[] {
  const records = state.recordsOf(event.eventId)
  const ofEndpoint = endpointSpans(state, event.endpointId)
  const spans = [...ownSpans(records, state.timeMs), ...ofEndpoint, ...haltSpans(state, event)]
  return roundsOf(records, state.placesOf(event.eventId)).flatMap(({ from, to }) => {
    const heads = headSpans(state, event, from, to)
    const pieces = divideTime([...spans, ...heads], state.timeOf(from), state.timeOf(to), itsTurn)
    return pieces.map(({ what, fromMs, toMs }) => ({
      reason: what.reason,
      behind: behindEvent(state, what, ofEndpoint, fromMs, toMs),
      from: isoTime(fromMs),
      to: isoTime(toMs),
      ms: toMs - fromMs,
    }))
  })
}

/** The times the event was in line, from the record with which it joined to the one with which it settled. */
function roundsOf(records: readonly Transition[], places: Int32Array): { from: number; to: number }[] {
  const rounds: { from: number; to: number }[] = []
  for (const [index, { from, to }] of records.entries()) {
    const place = places[index] ?? 0
    const wasInLine = isInLine(statusCode(from))
    const round = rounds.at(-1)
    if (isInLine(statusCode(to)) === wasInLine) continue
    if (!wasInLine) rounds.push({ from: place, to: Infinity })
    else if (round !== undefined) round.to = place
  }
  return rounds
}

function behindEvent(
  state: RecordedState,
  { eventId }: Hold,
  ofEndpoint: readonly HoldSpan[],
  fromMs: number,
  toMs: number,
): BehindEvent | null {
  if (eventId === null) return null
  const records = state.recordsOf(eventId)
  const spans = [...ownSpans(records, state.timeMs), ...ofEndpoint]
  const meanwhile = spans.filter((span) => span.fromMs < toMs && span.toMs > fromMs)
  const spentMs: Partial<Record<WaitReason, number>> = {}
  for (const piece of divideTime(meanwhile, fromMs, toMs, itsTurn)) {
    const { reason } = piece.what
    spentMs[reason] = (spentMs[reason] ?? 0) + piece.toMs - piece.fromMs
  }
  const started = records.filter(({ event }) => event.type === 'attempt.started').map(({ at }) => Date.parse(at))
  return { eventId, attempts: started.filter((atMs) => atMs >= fromMs && atMs <= toMs).length, spentMs }
}
