// What the viewer shows of a recorded log, at any of its moments.
import { basename } from 'node:path'
import { breakerMachine } from '../../../machines/breaker.ts'
import { isoTime } from '../../clock/iso-time.ts'
import type { EventPage, EventQuery } from '../../recorded/recorded-event.ts'
import { recordedBehind, recordedCause } from '../../recorded/recorded-cause.ts'
import type { RecordedLog } from '../../recorded/recorded-log.ts'
import type { RecordedState } from '../../recorded/recorded-state.ts'
import { isSettled } from '../../statechart/resting-delivery.ts'
import { factsOf } from './delivery-facts.ts'
import { shownRecords } from './endpoint-history.ts'
import { byUrgency, listedEndpoints, recordedEndpointRow } from './endpoint-rows.ts'
import { viewLine } from './line-window.ts'
import { viewRecord } from './record-view.ts'
import { addCounts, noCounts } from './status-counts.ts'
import type { DeliveryRow, DeliveryView, EndpointRow, EndpointView, ExplanationView } from './view-source.ts'
import type { LineView, LogOutline, Overview, ViewSource } from './view-source.ts'

const stretches = 200
const failedTypes: ReadonlySet<string> = new Set(['attempt.failed', 'attempt.rejected'])
const breakerTypes: ReadonlySet<string> = new Set(breakerMachine.events)

export class RecordedSource implements ViewSource {
  readonly #log: RecordedLog
  readonly #payloads: boolean
  #outline: LogOutline | null = null
  /** The last moment that was asked for, and its endpoints: a page asks several things of one moment. */
  #shown: { readonly state: RecordedState; readonly endpoints: readonly EndpointRow[] } | null = null

  constructor(log: RecordedLog, payloads: boolean) {
    this.#log = log
    this.#payloads = payloads
  }

  overview(seq: number | null): Overview {
    const { state, endpoints } = this.#at(seq)
    const counts = noCounts()
    for (const { events } of endpoints) addCounts(counts, events)
    const { length, problem, path } = this.#log
    return {
      kind: 'recorded',
      name: basename(path),
      firstSeq: length === 0 ? 0 : this.#log.seqAt(0),
      lastSeq: length === 0 ? 0 : this.#log.seqAt(length - 1),
      seq: state.seq,
      at: state.place === -1 ? null : isoTime(state.timeMs),
      counts,
      endpoints: endpoints.slice(0, listedEndpoints),
      moreEndpoints: Math.max(0, endpoints.length - listedEndpoints),
      problem: problem?.message ?? null,
      payloads: this.#payloads,
    }
  }

  deliveries(query: EventQuery, seq: number | null): EventPage {
    return this.#at(seq).state.events(query)
  }

  delivery(eventId: string, seq: number | null): DeliveryView | null {
    const { state, endpoints } = this.#at(seq)
    const row = state.event(eventId)
    if (row === undefined) return null
    return {
      row,
      ...factsOf(state.recordsOf(eventId), this.#payloads),
      explanation: explanationOf(state, row),
      seqs: Array.from(this.#log.stateAt().placesOf(eventId), (place) => this.#log.seqAt(place)),
      line: lineOf(state, row),
      endpoint: endpoints.find(({ endpointId }) => endpointId === row.endpointId) ?? null,
      at: isoTime(state.timeMs),
    }
  }

  endpoint(endpointId: string, seq: number | null): EndpointView | null {
    const { state, endpoints } = this.#at(seq)
    const row = endpoints.find((endpoint) => endpoint.endpointId === endpointId)
    if (row === undefined) return null
    const places = state.placesOfEndpoint(endpointId).slice(-shownRecords)
    return { row, records: Array.from(places, (place) => viewRecord(this.#log.record(place), this.#payloads)) }
  }

  outline(): LogOutline {
    this.#outline ??= outlineOf(this.#log)
    return this.#outline
  }

  /** Nothing changes any more. */
  onChange(): () => void {
    return () => undefined
  }

  close(): void {
    this.#log.close()
  }

  #at(seq: number | null) {
    const state = this.#log.stateAt(seq === null ? undefined : { seq })
    if (this.#shown?.state.place === state.place) return this.#shown
    const endpoints = state
      .endpoints()
      .map((endpoint) => recordedEndpointRow(endpoint, this.#hasBreaker(state, endpoint.endpointId)))
      .sort(byUrgency)
    this.#shown = { state, endpoints }
    return this.#shown
  }

  #hasBreaker(state: RecordedState, endpointId: string): boolean {
    return state.placesOfEndpoint(endpointId).some((place) => breakerTypes.has(this.#log.typeAt(place)))
  }
}

function lineOf(state: RecordedState, row: DeliveryRow): LineView {
  const { endpointId, laneKey } = row
  const { length, haltedBy } = state.line(endpointId, laneKey, 0)
  return viewLine({
    laneKey,
    length,
    place: isSettled(row.status) ? null : state.aheadOf(row),
    haltedBy,
    waiting: (from, limit) => state.line(endpointId, laneKey, limit, from).waiting,
  })
}

function explanationOf(state: RecordedState, row: DeliveryRow): ExplanationView | null {
  const resting = state.restingState(row.eventId)
  if (resting === null) return null
  const { reason, text, until } = recordedCause(state, row, resting)
  const behind = isSettled(row.status) ? null : recordedBehind(state, row)
  return { reason, text, until, behind: behind === null ? null : { eventId: behind.eventId, status: behind.status } }
}

function outlineOf(log: RecordedLog): LogOutline {
  const length = Math.min(stretches, log.length)
  const counts = new Array<number>(length).fill(0)
  const failed = new Array<number>(length).fill(0)
  const first = log.length === 0 ? 0 : log.seqAt(0)
  const span = log.length === 0 ? 1 : log.seqAt(log.length - 1) - first + 1
  for (let place = 0; place < log.length; place += 1) {
    const stretch = Math.floor(((log.seqAt(place) - first) / span) * length)
    counts[stretch] = (counts[stretch] ?? 0) + 1
    if (failedTypes.has(log.typeAt(place))) failed[stretch] = (failed[stretch] ?? 0) + 1
  }
  const startOf = (stretch: number): string => {
    const place = log.placeOfSeq(first + Math.ceil((stretch * span) / length))
    return isoTime(log.timeAt(Math.max(0, place)))
  }
  return {
    failures: failed.map((count, stretch) => count / Math.max(1, counts[stretch] ?? 0)),
    times: Array.from({ length }, (_, stretch) => startOf(stretch)),
  }
}
