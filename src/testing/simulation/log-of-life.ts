import type { LogHome } from '../../log/log-home.ts'
import type { EndpointFilter, TransitionFilter } from '../../log/transition-filter.ts'
import type { EndpointTransition, EndpointTransitionDraft, Transition, TransitionDraft } from '../../log/transition.ts'
import { ProcessDiedError } from './process-life.ts'
import type { ProcessLife } from './process-life.ts'
import type { SimulatedLog } from './simulated-log.ts'

/** What a simulated log throws when it refuses a record. */
export class AppendRefusedError extends Error {
  override readonly name = 'AppendRefusedError'

  constructor() {
    super('the simulated log refused the record')
  }
}

/** What becomes of an append, decided anew each time. */
export interface AppendFate {
  /** Throws {@link AppendRefusedError}, or kills the process and throws, before anything is stored. */
  beforeAppend(): void
  /** May kill the process; what was appended is stored. */
  afterAppend(): void
}

/** The log as one life of the process has it: any record may be refused, or be the last thing that the process does. */
export class LogOfLife implements LogHome {
  readonly durable = true
  readonly #life: ProcessLife
  readonly #log: SimulatedLog
  readonly #fate: AppendFate

  constructor(life: ProcessLife, log: SimulatedLog, fate: AppendFate) {
    this.#life = life
    this.#log = log
    this.#fate = fate
  }

  get lastEvictedSeq(): number {
    return this.#log.store.lastEvictedSeq
  }

  append(draft: TransitionDraft): Transition {
    this.#before()
    const record = this.#log.entered(this.#log.store.append(draft))
    this.#after()
    return record
  }

  /** As a transaction: all or none, also when the process dies. */
  appendAll(drafts: readonly TransitionDraft[]): readonly Transition[] {
    if (drafts.length === 0) return []
    this.#before()
    const records = this.#log.store.appendAll(drafts).map((record) => this.#log.entered(record))
    this.#after()
    return records
  }

  appendEndpoint(draft: EndpointTransitionDraft): EndpointTransition {
    this.#before()
    const record = this.#log.entered(this.#log.store.appendEndpoint(draft))
    this.#after()
    return record
  }

  evict(eventId: string): void {
    if (!this.#life.alive) throw new ProcessDiedError()
    this.#log.store.evict(eventId)
    this.#log.evicted(eventId)
  }

  evictEndpointRecord(seq: number): void {
    if (!this.#life.alive) throw new ProcessDiedError()
    this.#log.store.evictEndpointRecord(seq)
  }

  flush(): Promise<void> {
    return Promise.resolve()
  }

  entries(filter?: TransitionFilter): Iterable<Transition> {
    return this.#log.store.entries(filter)
  }

  endpointEntries(filter?: EndpointFilter): Iterable<EndpointTransition> {
    return this.#log.store.endpointEntries(filter)
  }

  subscribe(listener: (transition: Transition) => void): () => void {
    const end = this.#log.store.subscribe(listener)
    this.#life.atDeath(end)
    return end
  }

  subscribeToEndpoints(listener: (transition: EndpointTransition) => void): () => void {
    const end = this.#log.store.subscribeToEndpoints(listener)
    this.#life.atDeath(end)
    return end
  }

  onListenerError(report: (error: unknown) => void): void {
    this.#log.store.onListenerError(report)
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
