// The default home of the log: memory. Records are kept in pages, so that evicting an event leaves no holes that grow.
import type { LogHome } from './log-home.ts'
import { Publisher } from './publisher.ts'
import { checkFilter } from './transition-filter.ts'
import type { CheckedFilter, TransitionFilter } from './transition-filter.ts'
import type { Transition, TransitionDraft } from './transition.ts'

/** Small, so that one record that lives long keeps little beside it. */
const pageLength = 64

interface Page {
  readonly records: (Transition | undefined)[]
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
  readonly #publisher = new Publisher()
  #lastSeq = 0

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
    this.#publisher.publish(transition)
    return transition
  }

  /** Memory refuses nothing, so there is nothing to undo. */
  appendAll(drafts: readonly TransitionDraft[]): readonly Transition[] {
    return drafts.map((draft) => this.append(draft))
  }

  evict(eventId: string): void {
    for (const { seq } of this.#ofEvent(eventId)) {
      const pageNumber = Math.floor(seq / pageLength)
      const page = this.#pages.get(pageNumber)
      if (page === undefined) continue
      page.records[seq % pageLength] = undefined
      page.kept -= 1
      if (page.kept === 0) this.#pages.delete(pageNumber)
    }
    this.#byEvent.delete(eventId)
  }

  flush(): Promise<void> {
    return Promise.resolve()
  }

  entries(filter?: TransitionFilter): Iterable<Transition> {
    return this.#matching(checkFilter(filter))
  }

  subscribe(listener: (transition: Transition) => void): () => void {
    return this.#publisher.subscribe(listener)
  }

  onListenerError(report: (error: unknown) => void): void {
    this.#publisher.onListenerError(report)
  }

  *#matching({ eventId, endpointId, fromSeq }: CheckedFilter): Iterable<Transition> {
    const source = eventId === undefined ? this.#fromSeq(fromSeq) : this.#ofEvent(eventId)
    for (const transition of source) {
      if (transition.seq < fromSeq) continue
      if (endpointId === undefined || transition.endpointId === endpointId) yield transition
    }
  }

  #store(transition: Transition): void {
    const pageNumber = Math.floor(transition.seq / pageLength)
    let page = this.#pages.get(pageNumber)
    if (page === undefined) {
      page = { records: new Array<Transition | undefined>(pageLength), kept: 0 }
      this.#pages.set(pageNumber, page)
    }
    page.records[transition.seq % pageLength] = transition
    page.kept += 1

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
  *#fromSeq(fromSeq: number): Iterable<Transition> {
    for (const [pageNumber, page] of this.#pages) {
      if ((pageNumber + 1) * pageLength <= fromSeq) continue
      for (const transition of page.records) if (transition !== undefined) yield transition
    }
  }
}
