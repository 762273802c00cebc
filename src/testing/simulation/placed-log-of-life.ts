import type { LogCondition, LogHome, LogSize } from '../../log/log-home.ts'
import type { StoredEndpoints } from '../../log/stored-endpoints.ts'
import type { StoredEvents } from '../../log/stored-events.ts'
import type { EndpointFilter, TransitionFilter } from '../../log/transition-filter.ts'
import type {
  EndpointTransition,
  EndpointTransitionDraft,
  LogRecord,
  Transition,
  TransitionDraft,
} from '../../log/transition.ts'
import type { AppendFate } from './log-of-life.ts'
import { ProcessDiedError } from './process-life.ts'
import type { ProcessLife } from './process-life.ts'
import type { SimulatedLog } from './simulated-log.ts'

/** A home in a place, as one life of the process has it: it may die at any record, and then reaches the home no more. */
export class PlacedLogOfLife implements LogHome {
  readonly durable = true
  readonly storedEvents?: StoredEvents
  readonly storedEndpoints?: StoredEndpoints
  readonly #life: ProcessLife
  readonly #home: LogHome
  readonly #log: SimulatedLog
  readonly #fate: AppendFate

  constructor(life: ProcessLife, home: LogHome, log: SimulatedLog, fate: AppendFate) {
    this.#life = life
    this.#home = home
    this.#log = log
    this.#fate = fate
    const { storedEvents, storedEndpoints } = home
    if (storedEvents !== undefined) this.storedEvents = this.#livingEvents(storedEvents)
    if (storedEndpoints !== undefined) this.storedEndpoints = this.#livingEndpoints(storedEndpoints)
  }

  get condition(): LogCondition {
    return this.#home.condition ?? 'writable'
  }

  get lastEvictedSeq(): number {
    return this.#living(() => this.#home.lastEvictedSeq)
  }

  append(draft: TransitionDraft): Transition {
    this.#before()
    return this.#entered(this.#home.append(draft))
  }

  appendAll(drafts: readonly TransitionDraft[]): readonly Transition[] {
    if (drafts.length === 0) return []
    this.#before()
    const records = this.#home.appendAll(drafts)
    this.#enter(records)
    return records
  }

  appendEndpoint(draft: EndpointTransitionDraft): EndpointTransition {
    this.#before()
    return this.#entered(this.#home.appendEndpoint(draft))
  }

  evict(eventId: string): void {
    this.#living(() => this.#home.evict(eventId))
    this.#log.evicted(eventId)
  }

  evictEndpointRecord(seq: number): void {
    this.#living(() => this.#home.evictEndpointRecord(seq))
  }

  flush(): Promise<void> {
    return this.#living(() => this.#home.flush())
  }

  afterCommit(act: (error: Error | null) => void): void {
    // A dead process does nothing any more, and is told of nothing.
    if (!this.#life.alive) return
    this.#home.afterCommit?.((error) => {
      if (this.#life.alive) act(error)
    })
  }

  entries(filter?: TransitionFilter): Iterable<Transition> {
    return this.#living(() => this.#home.entries(filter))
  }

  endpointEntries(filter?: EndpointFilter): Iterable<EndpointTransition> {
    return this.#living(() => this.#home.endpointEntries(filter))
  }

  subscribe(listener: (transition: Transition) => void): () => void {
    const end = this.#living(() => this.#home.subscribe(listener))
    this.#life.atDeath(end)
    return end
  }

  subscribeToEndpoints(listener: (transition: EndpointTransition) => void): () => void {
    const end = this.#living(() => this.#home.subscribeToEndpoints(listener))
    this.#life.atDeath(end)
    return end
  }

  onListenerError(report: (error: unknown) => void): void {
    this.#home.onListenerError((error) => {
      if (this.#life.alive) report(error)
    })
  }

  onCondition(report: (condition: LogCondition, error: Error | null) => void): void {
    this.#home.onCondition?.((condition, error) => {
      if (this.#life.alive) report(condition, error)
    })
  }

  size(): LogSize {
    return this.#home.size?.() ?? { fileBytes: 0, walBytes: 0 }
  }

  async close(): Promise<void> {
    await this.#living(() => this.#home.close?.())
  }

  #entered<T extends LogRecord>(record: T): T {
    this.#enter([record])
    return record
  }

  #enter(records: readonly LogRecord[]): void {
    const entries = records.map((record) => this.#log.enter(record, false))
    this.#home.afterCommit?.((error) => {
      for (const entry of entries) entry.durable = error === null
    })
    this.#after()
  }

  #livingEvents(stored: StoredEvents): StoredEvents {
    return {
      has: (eventId) => this.#living(() => stored.has(eventId)),
      find: (eventId) => this.#living(() => stored.find(eventId)),
      findByIdempotencyKey: (id, key) => this.#living(() => stored.findByIdempotencyKey(id, key)),
      backlogs: () => this.#living(() => stored.backlogs()),
      waiting: (query) => this.#living(() => stored.waiting(query)),
      countAhead: (id, laneKey, seq) => this.#living(() => stored.countAhead(id, laneKey, seq)),
      deadLetters: (id) => this.#living(() => stored.deadLetters(id)),
      countDeadLetters: (id) => this.#living(() => stored.countDeadLetters(id)),
      unsettled: (limit) => this.#living(() => stored.unsettled(limit)),
      lastSequence: (id, laneKey) => this.#living(() => stored.lastSequence(id, laneKey)),
      scan: (query) => this.#living(() => stored.scan(query)),
      totals: () => this.#living(() => stored.totals()),
      sweep: (policy) => {
        const swept = this.#living(() => stored.sweep(policy))
        const { delivered, failed, deadLettered } = swept.removed
        if (delivered + failed + deadLettered > 0) this.#log.swept((eventId) => stored.has(eventId))
        return swept
      },
    }
  }

  #livingEndpoints(stored: StoredEndpoints): StoredEndpoints {
    return {
      all: () => this.#living(() => stored.all()),
      put: (endpoint, at) => {
        this.#before()
        stored.put(endpoint, at)
        this.#after()
      },
      remove: (endpointId, at) => {
        this.#before()
        stored.remove(endpointId, at)
        this.#after()
      },
    }
  }

  #living<T>(act: () => T): T {
    if (!this.#life.alive) throw new ProcessDiedError()
    return act()
  }

  #before(): void {
    if (!this.#life.alive) throw new ProcessDiedError()
    this.#fate.beforeAppend()
  }

  #after(): void {
    this.#fate.afterAppend()
    if (!this.#life.alive) throw new ProcessDiedError()
  }
}
