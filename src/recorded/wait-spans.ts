// What went on in and around an event's line that may have held it: of itself, of its endpoint, of those before it.
import type { ExplanationReason } from '../explain/cause.ts'
import type { Transition } from '../log/transition.ts'
import type { RecordedEvent } from './recorded-event.ts'
import type { RecordedState } from './recorded-state.ts'
import type { Span } from './spans.ts'

/** What an event waited for in a part of its time. Of a service that did not run a log tells nothing. */
export type WaitReason = Exclude<
  ExplanationReason,
  'delivered' | 'failed' | 'deadLettered' | 'serviceClosed' | 'logHeld' | 'logStopped' | 'endpointUnregistered'
>

/** Something that held an event; `eventId` is that of the event it waited behind, or of the dead letter. */
export interface Hold {
  readonly reason: WaitReason
  readonly eventId: string | null
}

export type HoldSpan = Span<Hold>

/** Of several at once the first counts, as the live explanation has it. */
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

/** When nothing holds an event. */
export const itsTurn: Hold = { reason: 'waitingForTurn', eventId: null }

/** Its attempts, backoffs and rate limits, from its records. */
export function ownSpans(records: readonly Transition[], nowMs: number): HoldSpan[] {
  const spans: HoldSpan[] = []
  for (const [index, { event, at, to }] of records.entries()) {
    const atMs = Date.parse(at)
    const next = records[index + 1]
    const nextMs = next === undefined ? nowMs : Date.parse(next.at)
    if (event.type === 'attempt.started') {
      spans.push(spanOf('inFlight', null, atMs, nextMs))
      spans.push(spanOf('rateLimited', null, atMs - (event.rateLimitedMs ?? 0), atMs))
    } else if (event.type === 'attempt.failed' && to === 'backoff') {
      spans.push(spanOf('backoff', null, atMs, Math.min(Date.parse(event.retryAt), nextMs)))
    }
  }
  return spans
}

/** What of an endpoint's and its breaker's states holds its lines. */
const endpointReasons: ReadonlyMap<string, WaitReason> = new Map([
  ['paused', 'endpointPaused'],
  ['disabled', 'endpointDisabled'],
  ['open', 'breakerOpen'],
])

/** The times it was paused or disabled, or its breaker open. */
export function endpointSpans(state: RecordedState, endpointId: string): HoldSpan[] {
  const spans: HoldSpan[] = []
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

/** The times another dead letter held its line. */
export function haltSpans(state: RecordedState, event: RecordedEvent): HoldSpan[] {
  const halts = state.haltsOf(event).filter(({ eventId }) => eventId !== event.eventId)
  return halts.map(({ eventId, from, to }) => spanOf('lineHalted', eventId, state.timeOf(from), state.timeOf(to)))
}

/** Who was the head of its line between two records, one after the other, until the event was. */
export function headSpans(state: RecordedState, event: RecordedEvent, from: number, to: number): HoldSpan[] {
  const spans: HoldSpan[] = []
  let reachedMs = -Infinity
  for (const stay of state.staysBefore(event, from, Math.min(to, state.place))) {
    const endMs = state.timeOf(stay.to)
    const startMs = Math.max(reachedMs, state.timeOf(stay.from))
    if (endMs > startMs) spans.push(spanOf('behind', stay.eventId, startMs, endMs))
    reachedMs = Math.max(reachedMs, endMs)
  }
  return spans
}

function spanOf(reason: WaitReason, eventId: string | null, fromMs: number, toMs: number): HoldSpan {
  return { what: { reason, eventId }, rank: foremostFirst.indexOf(reason), fromMs, toMs }
}
