// Everything as it was at one moment of a recorded log, read from the log's index.
import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import { isoTime } from '../clock/iso-time.ts'
import { isEndpointTransition } from '../log/transition.ts'
import type { EndpointTransition, LogRecord, Transition } from '../log/transition.ts'
import { describeFolded, foldEndpoint } from '../replay/fold-endpoint.ts'
import type { FoldedEndpoint } from '../replay/fold-endpoint.ts'
import { foldEvent } from '../replay/fold.ts'
import { deliveryStatuses, isInLine, statusCode } from './delivery-statuses.ts'
import { searchEvents } from './event-search.ts'
import type { Stay } from './line-history.ts'
import type { LogIndex } from './log-index.ts'
import type {
  EventPage,
  EventQuery,
  RecordedEndpoint,
  RecordedEvent,
  RecordedLine,
  RecordedStay,
} from './recorded-event.ts'
import { summarizeLog } from './log-summary.ts'
import type { LogSummary } from './log-summary.ts'
import { countStatuses } from './status-counts.ts'

/** How many of those who wait in a line are shown. */
const defaultLimit = 100

/** Reads one record from the file, by its place. */
export type ReadRecord = (place: number) => LogRecord

export class RecordedState {
  /** The last record that counts; -1 before the first. */
  readonly place: number
  /** Its `seq`; 0 before the first. */
  readonly seq: number
  /** The time of this moment, in milliseconds since 1970: as asked for, else that of the last record. */
  readonly timeMs: number
  readonly #index: LogIndex
  readonly #read: ReadRecord

  constructor(index: LogIndex, read: ReadRecord, place: number, timeMs: number | null) {
    this.#index = index
    this.#read = read
    this.place = place
    this.seq = place === -1 ? 0 : index.records.seqAt(place)
    this.timeMs = timeMs ?? (place === -1 ? 0 : index.records.timeAt(place))
  }

  /** When a record was appended, in milliseconds since 1970; for one that comes after this moment, the moment. */
  timeOf(place: number): number {
    return place > this.place ? this.timeMs : this.#index.records.timeAt(place)
  }

  /** The type of the machine event that a record carries. */
  typeOf(place: number): string {
    return this.#index.records.typeAt(place)
  }

  /** Everything up to now in numbers. Reads the whole index. */
  summary(): LogSummary {
    return summarizeLog(this.#index, this.place)
  }

  /** Undefined for an event that the log does not know, or not yet. */
  event(eventId: string): RecordedEvent | undefined {
    const event = this.#index.events.numberOf(eventId)
    return event === -1 ? undefined : this.#describe(event)
  }

  /** The places of an event's records so far, in order. */
  placesOf(eventId: string): Int32Array {
    const { events, ofEvents } = this.#index
    const event = events.numberOf(eventId)
    return event === -1 ? new Int32Array(0) : ofEvents.of(event).subarray(0, ofEvents.countUpTo(event, this.place))
  }

  /** An event's records so far, read from the file. */
  recordsOf(eventId: string): Transition[] {
    const records = Array.from(this.placesOf(eventId), this.#read)
    return records.filter((record): record is Transition => !isEndpointTransition(record))
  }

  /** An event's state, whole. Null for an event that the log does not know, or not yet. */
  restingState(eventId: string): RestingDelivery | null {
    return foldEvent(this.recordsOf(eventId))
  }

  /** An event's first record after this moment. */
  nextRecordOf(eventId: string): LogRecord | null {
    const event = this.#index.events.numberOf(eventId)
    const next = event === -1 ? undefined : this.#index.ofEvents.of(event)[this.placesOf(eventId).length]
    return next === undefined ? null : this.#read(next)
  }

  /** The places of the records so far of an endpoint's own, in order. */
  placesOfEndpoint(endpointId: string): Int32Array {
    const { ofEndpoints } = this.#index
    const endpoint = this.#index.endpointNumber(endpointId)
    if (endpoint === -1) return new Int32Array(0)
    return ofEndpoints.of(endpoint).subarray(0, ofEndpoints.countUpTo(endpoint, this.place))
  }

  /** Those records, read from the file. */
  recordsOfEndpoint(endpointId: string): EndpointTransition[] {
    return Array.from(this.placesOfEndpoint(endpointId), this.#read).filter(isEndpointTransition)
  }

  /** What an endpoint's own records so far lead to. Of either machine the last says all there is to know. */
  foldedEndpoint(endpointId: string): FoldedEndpoint {
    const { records } = this.#index
    const places = this.placesOfEndpoint(endpointId)
    let folded: FoldedEndpoint = { endpoint: null, breaker: null }
    for (const isBreaker of [false, true]) {
      let last = places.length - 1
      while (last >= 0 && records.isBreakerAt(places[last] ?? 0) !== isBreaker) last -= 1
      const record = last === -1 ? undefined : this.#read(places[last] ?? 0)
      if (record !== undefined && isEndpointTransition(record)) folded = foldEndpoint(folded, record)
    }
    return folded
  }

  events(query: EventQuery = {}): EventPage {
    const { events, more } = searchEvents(this.#index, this.place, query)
    return { events: events.flatMap((event) => this.#describe(event) ?? []), more }
  }

  /** A line, with the first `limit` of those who wait in it, from a place on; one in which nobody waits is empty. */
  line(endpointId: string, laneKey: string, limit = defaultLimit, from = 0): RecordedLine {
    const { events, lines } = this.#index
    const lane = events.lanesOf(this.#index.endpointNumber(endpointId)).get(laneKey)
    if (lane === undefined) return this.#ownLine(endpointId, laneKey)
    const waiting = lines.waitingAt(lane, this.place)
    const holder = lines.holderAt(lane, this.place)
    return {
      endpointId,
      laneKey,
      length: waiting.length,
      waiting: waiting.slice(from, from + limit).flatMap((event) => this.#describe(event) ?? []),
      haltedBy: holder === -1 ? null : (this.#describe(holder) ?? null),
    }
  }

  /**
   * The lines of an endpoint in which somebody waits, or that a dead letter holds, each with the first `limit` of those
   * who wait. Events that each have their line to themselves are not among them.
   */
  *linesOf(endpointId: string, limit = defaultLimit): IterableIterator<RecordedLine> {
    const { events, lines } = this.#index
    for (const [laneKey, lane] of events.lanesOf(this.#index.endpointNumber(endpointId))) {
      if (lines.countAt(lane, this.place) === 0 && lines.holderAt(lane, this.place) === -1) continue
      yield this.line(endpointId, laneKey, limit)
    }
  }

  /** How many events are before one in its line. */
  aheadOf({ eventId }: RecordedEvent): number {
    const { events, lines } = this.#index
    const event = events.numberOf(eventId)
    const lane = events.laneOf(event)
    return lane === -1 ? 0 : Math.max(0, lines.waitingAt(lane, this.place).indexOf(event))
  }

  /** Everyone who stood before an event in its line at some time between two records, in the order of their places. */
  staysBefore({ eventId }: RecordedEvent, from: number, to: number): RecordedStay[] {
    const { events, lines } = this.#index
    const event = events.numberOf(eventId)
    const lane = events.laneOf(event)
    return lane === -1 ? [] : this.#nameStays(lines.staysBefore(lane, event, from, to))
  }

  /** The times up to now that dead letters held an event's line. */
  haltsOf({ eventId }: RecordedEvent): RecordedStay[] {
    const { events, lines } = this.#index
    const lane = events.laneOf(events.numberOf(eventId))
    return lane === -1 ? [] : this.#nameStays(lines.haltsOf(lane).filter(({ from }) => from <= this.place))
  }

  /** The endpoints heard of so far, in the order of their first records. */
  endpoints(): RecordedEndpoint[] {
    const { endpointIds, endpointFirst } = this.#index
    const counts = countStatuses(this.#index, this.place)
    const known = endpointIds.slice(0, endpointFirst.filter((first) => first <= this.place).length)
    return known.map((endpointId, endpoint) => {
      const at = endpoint * deliveryStatuses.length
      const counted = deliveryStatuses.map((status, code) => [status, counts[at + code] ?? 0])
      // One entry for each status.
      const events = Object.fromEntries(counted) as Record<DeliveryStatus, number>
      return { ...describeFolded(endpointId, this.foldedEndpoint(endpointId)), events }
    })
  }

  #nameStays(stays: readonly Stay[]): RecordedStay[] {
    return stays.map(({ event, from, to }) => ({ eventId: this.#index.events.idOf(event), from, to }))
  }

  #describe(event: number): RecordedEvent | undefined {
    const { events, ofEvents, records, endpointIds } = this.#index
    const count = ofEvents.countUpTo(event, this.place)
    if (count === 0) return undefined
    const places = ofEvents.of(event)
    const first = places[0] ?? 0
    const last = places[count - 1] ?? 0
    const { endpoint, eventId, eventType, sequence, orderingKey, laneKey } = events.facts(event)
    return {
      eventId,
      endpointId: endpointIds[endpoint] ?? '',
      eventType,
      sequence,
      orderingKey,
      laneKey,
      status: records.statusAt(last),
      attempts: records.attemptsAt(last),
      submittedAt: isoTime(records.timeAt(first)),
      submittedSeq: records.seqAt(first),
      lastAt: isoTime(records.timeAt(last)),
      lastSeq: records.seqAt(last),
    }
  }

  /** An event without ordering waits for nobody; what holds its line can only be itself. */
  #ownLine(endpointId: string, laneKey: string): RecordedLine {
    const event = this.event(laneKey)
    const isKnown = event?.endpointId === endpointId && event.laneKey === laneKey
    const waiting = isKnown && isInLine(statusCode(event.status)) ? [event] : []
    const haltedBy = isKnown && this.#holdsItsLine(event) ? event : null
    return { endpointId, laneKey, length: waiting.length, waiting, haltedBy }
  }

  #holdsItsLine({ eventId, status }: RecordedEvent): boolean {
    const last = status === 'deadLettered' ? this.placesOf(eventId).at(-1) : undefined
    const cause = last === undefined ? undefined : this.#read(last).event
    return cause?.type === 'attempt.failed' && cause.holdsLine === true
  }
}
