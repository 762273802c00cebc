import { StorageError } from '../../src/errors/errors.ts'
import type { LogHome } from '../../src/log/log-home.ts'
import { Publisher } from '../../src/log/publisher.ts'
import type { StoredEndpoint, StoredEndpoints } from '../../src/log/stored-endpoints.ts'
import type { StoredEvents } from '../../src/log/stored-events.ts'
import { checkEndpointFilter, checkFilter } from '../../src/log/transition-filter.ts'
import type { EndpointFilter, TransitionFilter } from '../../src/log/transition-filter.ts'
import { isEndpointTransition } from '../../src/log/transition.ts'
import type {
  EndpointTransition,
  EndpointTransitionDraft,
  LogRecord,
  Transition,
  TransitionDraft,
} from '../../src/log/transition.ts'
import { ModelEvents } from './model-events.ts'

/** What outlives the homes: the records as texts, and the endpoints. */
export class ModelPlace {
  readonly texts = new Map<number, string>()
  readonly endpoints = new Map<string, string>()
  events = new ModelEvents()
  lastSeq = 0
  lastEvictedSeq = 0
}

export type Act = (error: Error | null) => void

/**
 * A durable home in its simplest form, over a place in memory: what a home has to do, with nothing done for speed. What is
 * appended waits for the next commit, as in a file.
 */
export class ModelLog implements LogHome {
  readonly durable = true
  readonly place: ModelPlace
  readonly storedEvents: StoredEvents
  readonly storedEndpoints: StoredEndpoints
  readonly #schedule: (commit: () => void) => void
  readonly #records = new Map<number, LogRecord>()
  readonly #publisher = new Publisher<Transition>()
  readonly #endpointPublisher = new Publisher<EndpointTransition>()
  #group: (() => void)[] = []
  /** Events with records in the group. */
  readonly #inGroup = new Set<string>()
  #acts: Act[] = []
  #scheduled = false
  #lastSeq: number
  #lastEvictedSeq: number
  #state: 'open' | 'closed' | 'dead' = 'open'

  constructor(place = new ModelPlace(), schedule: (commit: () => void) => void = setImmediate) {
    this.place = place
    this.#schedule = schedule
    this.#lastSeq = place.lastSeq
    this.#lastEvictedSeq = place.lastEvictedSeq
    for (const [seq, text] of place.texts) this.#records.set(seq, JSON.parse(text) as LogRecord)
    this.storedEvents = this.#storedEvents()
    this.storedEndpoints = {
      all: () => (this.#check(), this.#endpointsNow()),
      put: (endpoint) => this.#keep(() => place.endpoints.set(endpoint.endpointId, JSON.stringify(endpoint))),
      remove: (endpointId) => this.#keep(() => place.endpoints.delete(endpointId)),
    }
  }

  get lastEvictedSeq(): number {
    return this.#lastEvictedSeq
  }

  append(draft: TransitionDraft): Transition {
    const record = this.#number({ ...draft })
    this.#inGroup.add(draft.eventId)
    this.#change(() => this.#publisher.publish(record))
    return record
  }

  appendAll(drafts: readonly TransitionDraft[]): readonly Transition[] {
    return drafts.map((draft) => this.append(draft))
  }

  appendEndpoint(draft: EndpointTransitionDraft): EndpointTransition {
    const record = this.#number({ ...draft })
    this.#change(() => this.#endpointPublisher.publish(record))
    return record
  }

  evict(eventId: string): void {
    this.#check()
    const seqs = [...this.entries({ eventId })].map(({ seq }) => seq)
    for (const seq of seqs) this.#records.delete(seq)
    this.#lastEvictedSeq = Math.max(this.#lastEvictedSeq, ...seqs)
    const lastEvictedSeq = this.#lastEvictedSeq
    this.#change(() => {
      this.place.lastEvictedSeq = lastEvictedSeq
      for (const seq of seqs) this.place.texts.delete(seq)
      this.place.events.evicted(eventId)
    })
  }

  evictEndpointRecord(seq: number): void {
    this.#check()
    this.#records.delete(seq)
    this.#change(() => this.place.texts.delete(seq))
  }

  flush(): Promise<void> {
    if (this.#state === 'closed') return Promise.reject(closedError())
    return new Promise((resolve) => this.afterCommit(() => resolve()))
  }

  afterCommit(act: Act): void {
    this.#acts.push(act)
    this.#scheduleCommit()
  }

  entries(filter?: TransitionFilter): Iterable<Transition> {
    const { eventId, endpointId, fromSeq } = checkFilter(filter)
    this.#check()
    // What is not an endpoint's own is an event's.
    return this.#matching(eventId, endpointId, fromSeq, false) as Iterable<Transition>
  }

  endpointEntries(filter?: EndpointFilter): Iterable<EndpointTransition> {
    const { endpointId, fromSeq } = checkEndpointFilter(filter)
    this.#check()
    return this.#matching(undefined, endpointId, fromSeq, true) as Iterable<EndpointTransition> // the same, the other way round
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

  close(): Promise<void> {
    if (this.#state === 'open') {
      this.commit()
      this.#state = 'closed'
    }
    return Promise.resolve()
  }

  /** Its process ends: nothing is finished, and nothing is done any more. */
  die(): void {
    this.#state = 'dead'
  }

  /** Another home in the same place. */
  again(): ModelLog {
    return new ModelLog(this.place, this.#schedule)
  }

  /** Makes durable what was appended, and tells all who wait for it. */
  commit(): void {
    this.#scheduled = false
    if (this.#state !== 'open') return
    const [group, acts] = [this.#group, this.#acts]
    this.#group = []
    this.#acts = []
    this.#inGroup.clear()
    this.place.lastSeq = this.#lastSeq
    for (const change of group) change()
    for (const act of acts) if (this.#state === 'open') act(null)
  }

  #number<T extends TransitionDraft | EndpointTransitionDraft>(draft: T): T & { readonly seq: number } {
    this.#check()
    const record = { seq: (this.#lastSeq += 1), ...draft }
    const logged = record as LogRecord // a draft with its number
    this.#records.set(record.seq, logged)
    this.#change(() => {
      this.place.texts.set(record.seq, JSON.stringify(record))
      this.place.events.committed(logged)
    })
    return record
  }

  #keep(change: () => void): void {
    this.#check()
    this.#lastSeq += 1
    this.#change(change)
  }

  #change(change: () => void): void {
    this.#group.push(change)
    this.#scheduleCommit()
  }

  #scheduleCommit(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#schedule(() => this.commit())
  }

  *#matching(
    eventId: string | undefined,
    endpointId: string | undefined,
    fromSeq: number,
    ofEndpoints: boolean,
  ): Iterable<LogRecord> {
    for (const record of this.#records.values()) {
      if (isEndpointTransition(record) !== ofEndpoints || record.seq < fromSeq) continue
      if ((eventId ?? record.eventId) !== record.eventId || (endpointId ?? record.endpointId) !== record.endpointId)
        continue
      yield record
    }
  }

  #endpointsNow(): readonly StoredEndpoint[] {
    return Array.from(this.place.endpoints.values(), (text) => JSON.parse(text) as StoredEndpoint)
  }

  #storedEvents(): StoredEvents {
    const { events } = this.place
    const asked = <T>(answer: () => T): T => (this.#check(), answer())
    return {
      has: (eventId) => asked(() => events.has(eventId)),
      find: (eventId) => asked(() => events.find(eventId)),
      findByIdempotencyKey: (endpointId, key) => asked(() => events.findByIdempotencyKey(endpointId, key)),
      backlogs: () => asked(() => events.backlogs()),
      waiting: (query) => asked(() => events.waiting(query)),
      countAhead: (endpointId, laneKey, joinedSeq) => asked(() => events.countAhead(endpointId, laneKey, joinedSeq)),
      deadLetters: (endpointId) => asked(() => events.deadLetters(endpointId)),
      countDeadLetters: (endpointId) => asked(() => events.countDeadLetters(endpointId)),
      unsettled: (limit) => asked(() => events.unsettled(limit)),
      lastSequence: (endpointId, laneKey) => asked(() => events.lastSequence(endpointId, laneKey)),
      scan: (query) => asked(() => events.scan(query)),
      totals: () => asked(() => events.totals()),
      sweep: (policy) =>
        asked(() =>
          events.sweep(
            policy,
            (eventId) => !this.#inGroup.has(eventId),
            (eventId) => this.#forget(eventId),
          ),
        ),
    }
  }

  #forget(eventId: string): void {
    for (const { seq } of this.entries({ eventId })) {
      this.#records.delete(seq)
      this.place.texts.delete(seq)
      this.#lastEvictedSeq = Math.max(this.#lastEvictedSeq, seq)
      this.place.lastEvictedSeq = Math.max(this.place.lastEvictedSeq, seq)
    }
  }

  #check(): void {
    if (this.#state === 'closed') throw closedError()
  }
}

function closedError(): StorageError {
  return new StorageError('the log was closed', 'closed', false)
}
