// The default home of the log: memory. Records are kept in pages, so that evicting an event leaves no holes that grow.
import type { LogHome } from './log-home.ts'
import { Publisher } from './publisher.ts'
import { checkEndpointFilter, checkFilter } from './transition-filter.ts'
import type { CheckedFilter, EndpointFilter, TransitionFilter } from './transition-filter.ts'
import { isEndpointTransition } from './transition.ts'
import type {
  EndpointTransition,
  EndpointTransitionDraft,
  LogRecord,
  Transition,
  TransitionDraft,
} from './transition.ts'

/** Small, so that one record that lives long keeps little beside it. */
const pageLength = 64

interface Page {
  readonly records: (LogRecord | undefined)[]
  kept: number
}

/** A log that lives as long as the process. Nothing to install, nothing survives. */
export function memoryLog(): LogHome {
  return new MemoryLog()
}

class MemoryLog implements LogHome {
  readonly durable = false
  readonly #pages = new Map<number, Page>()
  /** An event's records; the first alone until there is a second, since most waiting events have just one. */
  readonly #byEvent = new Map<string, Transition | Transition[]>()
  readonly #publisher = new Publisher<Transition>()
  readonly #endpointPublisher = new Publisher<EndpointTransition>()
  #lastSeq = 0
  #lastEvictedSeq = 0

  get lastEvictedSeq(): number {
    return this.#lastEvictedSeq
  }

  append(draft: TransitionDraft): Transition {
    const seq = this.#lastSeq + 1
    const transition: Transition = {
      seq,
      at: draft.at,
      endpointId: draft.endpointId,
      eventId: draft.eventId,
      event: draft.event,
      from: draft.from,
      to: draft.to,
      attempts: draft.attempts,
      machine: draft.machine,
    }
    this.#lastSeq = seq
    this.#store(transition)
    this.#index(transition)
    this.#publisher.publish(transition)
    return transition
  }

  appendEndpoint(draft: EndpointTransitionDraft): EndpointTransition {
    const transition = { seq: (this.#lastSeq += 1), ...draft }
    this.#store(transition)
    this.#endpointPublisher.publish(transition)
    return transition
  }

  /** Memory refuses nothing, so there is nothing to undo. */
  appendAll(drafts: readonly TransitionDraft[]): readonly Transition[] {
    return drafts.map((draft) => this.append(draft))
  }

  evict(eventId: string): void {
    for (const { seq } of this.#ofEvent(eventId)) {
      this.#remove(seq)
      if (seq > this.#lastEvictedSeq) this.#lastEvictedSeq = seq
    }
    this.#byEvent.delete(eventId)
  }

  evictEndpointRecord(seq: number): void {
    this.#remove(seq)
  }

  flush(): Promise<void> {
    return Promise.resolve()
  }

  entries(filter?: TransitionFilter): Iterable<Transition> {
    return this.#matching(checkFilter(filter))
  }

  endpointEntries(filter?: EndpointFilter): Iterable<EndpointTransition> {
    return this.#ofEndpoints(checkEndpointFilter(filter))
  }

  subscribe(listener: (transition: Transition) => void): () => void {
    return this.#publisher.subscribe(listener)
  }

  subscribeToEndpoints(listener: (transition: EndpointTransition) => void): () => void {
    return this.#endpointPublisher.subscribe(listener)
  }

  onListenerError(report: (error: unknown) => void): void {
    this.#publisher.onListenerError(report)
    this.#endpointPublisher.onListenerError(report)
  }

  *#matching({ eventId, endpointId, fromSeq }: CheckedFilter): Iterable<Transition> {
    const source = eventId === undefined ? this.#fromSeq(fromSeq) : this.#ofEvent(eventId)
    for (const record of source) {
      if (isEndpointTransition(record) || record.seq < fromSeq) continue
      if (endpointId === undefined || record.endpointId === endpointId) yield record
    }
  }

  *#ofEndpoints({ endpointId, fromSeq }: Omit<CheckedFilter, 'eventId'>): Iterable<EndpointTransition> {
    for (const record of this.#fromSeq(fromSeq)) {
      if (!isEndpointTransition(record) || record.seq < fromSeq) continue
      if (endpointId === undefined || record.endpointId === endpointId) yield record
    }
  }

  #store(record: LogRecord): void {
    const pageNumber = Math.floor(record.seq / pageLength)
    let page = this.#pages.get(pageNumber)
    if (page === undefined) {
      page = { records: new Array<LogRecord | undefined>(pageLength), kept: 0 }
      this.#pages.set(pageNumber, page)
    }
    page.records[record.seq % pageLength] = record
    page.kept += 1
  }

  #remove(seq: number): void {
    const pageNumber = Math.floor(seq / pageLength)
    const page = this.#pages.get(pageNumber)
    if (page?.records[seq % pageLength] === undefined) return
    page.records[seq % pageLength] = undefined
    page.kept -= 1
    if (page.kept === 0) this.#pages.delete(pageNumber)
  }

  #index(transition: Transition): void {
    const before = this.#byEvent.get(transition.eventId)
    if (before === undefined) this.#byEvent.set(transition.eventId, transition)
    else if (Array.isArray(before)) before.push(transition)
    else this.#byEvent.set(transition.eventId, [before, transition])
  }

  #ofEvent(eventId: string): readonly Transition[] {
    const kept = this.#byEvent.get(eventId)
    if (kept === undefined) return []
    return Array.isArray(kept) ? kept : [kept]
  }

  /** Pages are made in the order of their numbers, and a map keeps that order. */
  *#fromSeq(fromSeq: number): Iterable<LogRecord> {
    for (const [pageNumber, page] of this.#pages) {
      if ((pageNumber + 1) * pageLength <= fromSeq) continue
      for (const record of page.records) if (record !== undefined) yield record
    }
  }
}
