// What the viewer shows of a running service. Reads its log and its public calls and changes nothing. It never throws into
// the service: what goes wrong here is counted.
import type { Clock, Timer } from '../../clock/clock.ts'
import { isoTime } from '../../clock/iso-time.ts'
import { afterLoopTurn } from '../../clock/loop-turn.ts'
import { EndpointNotFoundError, EventNotFoundError } from '../../errors/errors.ts'
import { isEndpointTransition } from '../../log/transition.ts'
import type { LogRecord } from '../../log/transition.ts'
import type { EventPage, EventQuery } from '../../recorded/recorded-event.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { factsOf } from './delivery-facts.ts'
import { EndpointHistory } from './endpoint-history.ts'
import { byUrgency, listedEndpoints, liveEndpointRow } from './endpoint-rows.ts'
import { viewLine } from './line-window.ts'
import { LiveRows } from './live-rows.ts'
import type { LiveRow } from './live-row.ts'
import { viewRecord } from './record-view.ts'
import { addCounts, noCounts, unsettledOf } from './status-counts.ts'
import type { DeliveryView, EndpointRow, EndpointView, LineView, Overview, ViewSource } from './view-source.ts'

/** What is watched of a service. */
export type WatchedService = Pick<WebhookService, 'log' | 'explain' | 'getEndpoint' | 'listEndpoints' | 'stats'>

export interface LiveSourceOptions {
  readonly clock: Clock
  readonly payloads: boolean
  /** How many settled events are kept in the list. */
  readonly maxSettled: number
}

/** Listeners are told at most so often. */
const tellEveryMs = 200
/** Of the records that are there already, so many are read before the event loop goes on. */
const sliceLength = 2000
/** With more endpoints, only those that have events to deliver are looked at. */
const manyEndpoints = 1000

export class LiveSource implements ViewSource {
  readonly #service: WatchedService
  readonly #options: LiveSourceOptions
  readonly #rows: LiveRows
  readonly #history = new EndpointHistory()
  readonly #listeners = new Set<(seq: number) => void>()
  #unsubscribe: (() => void)[] = []
  #timer: Timer | null = null
  #closed = false
  #firstSeq = 0
  #lastSeq = 0
  #failures = 0

  private constructor(service: WatchedService, options: LiveSourceOptions) {
    this.#service = service
    this.#options = options
    this.#rows = new LiveRows(options.maxSettled)
  }

  /** Takes in what the log holds already, in slices between which deliveries go on, and follows it from there. */
  static async follow(service: WatchedService, options: LiveSourceOptions): Promise<LiveSource> {
    const source = new LiveSource(service, options)
    let sliced = 0
    for (const record of service.log.entries()) {
      source.#take(record)
      sliced += 1
      if (sliced % sliceLength === 0) await new Promise<void>((resolve) => afterLoopTurn(resolve))
    }
    for (const record of service.log.endpointEntries()) source.#take(record)
    // Nothing was appended since the last record was read: no turn of the event loop has passed.
    source.#unsubscribe = [service.log.subscribe(source.#take), service.log.subscribeToEndpoints(source.#take)]
    return source
  }

  /** How often something went wrong here. */
  get failures(): number {
    return this.#failures
  }

  overview(): Overview {
    const counts = noCounts()
    for (const ofEndpoint of this.#rows.counts.values()) addCounts(counts, ofEndpoint)
    const endpoints = this.#endpointRows()
    return {
      kind: 'live',
      name: '',
      firstSeq: this.#firstSeq,
      lastSeq: this.#lastSeq,
      seq: this.#lastSeq,
      at: this.#now,
      counts,
      endpoints,
      moreEndpoints: Math.max(0, this.#service.stats().endpoints - endpoints.length),
      problem: null,
      payloads: this.#options.payloads,
    }
  }

  deliveries(query: EventQuery): EventPage {
    return this.#rows.find(query)
  }

  delivery(eventId: string): DeliveryView | null {
    const row = this.#rows.get(eventId)
    const transitions = [...this.#service.log.entries({ eventId })]
    const explanation = unlessGone(() => this.#service.explain(eventId))
    if (row === undefined || explanation === null || transitions.length === 0) return null
    const { reason, text, until, behind } = explanation
    return {
      row,
      ...factsOf(transitions, this.#options.payloads),
      explanation: { reason, text, until, behind },
      seqs: transitions.map(({ seq }) => seq),
      line: this.#lineOf(row),
      endpoint: this.#endpointRow(row.endpointId),
      at: this.#now,
    }
  }

  endpoint(endpointId: string): EndpointView | null {
    const row = this.#endpointRow(endpointId)
    if (row === null) return null
    const records = this.#history.of(endpointId).map((record) => viewRecord(record, this.#options.payloads))
    return { row, records }
  }

  outline(): null {
    return null
  }

  onChange(listener: (seq: number) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#closed = true
    for (const end of this.#unsubscribe.splice(0)) end()
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer)
    this.#listeners.clear()
  }

  get #now(): string {
    return isoTime(this.#options.clock.now())
  }

  /** Called by the service's log: short, and never throws. */
  readonly #take = (record: LogRecord): void => {
    try {
      if (this.#firstSeq === 0) this.#firstSeq = record.seq
      this.#lastSeq = Math.max(this.#lastSeq, record.seq)
      if (isEndpointTransition(record)) this.#history.take(record)
      else this.#rows.take(record)
      if (this.#listeners.size > 0) this.#tellSoon()
    } catch {
      this.#failures += 1
    }
  }

  #tellSoon(): void {
    if (this.#timer !== null || this.#closed) return
    this.#timer = this.#options.clock.setTimeout(this.#tell, tellEveryMs)
    this.#timer.unref?.()
  }

  readonly #tell = (): void => {
    this.#timer = null
    for (const listener of this.#listeners) {
      try {
        listener(this.#lastSeq)
      } catch {
        this.#failures += 1
      }
    }
  }

  #lineOf(row: LiveRow): LineView {
    const { waiting, haltedBy } = this.#rows.line(row)
    const place = waiting.indexOf(row)
    return viewLine({
      laneKey: row.laneKey,
      length: waiting.length,
      place: place === -1 ? null : place,
      haltedBy,
      waiting: (from, limit) => waiting.slice(from, from + limit),
    })
  }

  #endpointRow(endpointId: string): EndpointRow | null {
    const details = unlessGone(() => this.#service.getEndpoint(endpointId))
    return details === null ? null : liveEndpointRow(details, this.#rows.counts.get(endpointId), this.#options.payloads)
  }

  #endpointRows(): EndpointRow[] {
    const { counts } = this.#rows
    const rows =
      this.#service.stats().endpoints <= manyEndpoints
        ? this.#service
            .listEndpoints()
            .map((details) => liveEndpointRow(details, counts.get(details.id), this.#options.payloads))
        : this.#busiest().flatMap((endpointId) => this.#endpointRow(endpointId) ?? [])
    return rows.sort(byUrgency).slice(0, listedEndpoints)
  }

  #busiest(): string[] {
    return [...this.#rows.counts]
      .sort(([, one], [, other]) => unsettledOf(other) - unsettledOf(one))
      .slice(0, listedEndpoints)
      .map(([endpointId]) => endpointId)
  }
}

/** Null for what the service does not know any more. */
function unlessGone<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof EventNotFoundError || error instanceof EndpointNotFoundError) return null
    throw error
  }
}
