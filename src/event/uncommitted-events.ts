// Which events have a record that is not durable yet. A home that finds events by itself tells of what it has committed,
// and of nothing since; so whatever is not committed stays in memory, and is let go of here.
import type { EventRecord } from './event-record.ts'
import type { EventStore } from './event-store.ts'

type AfterCommit = (act: (error: Error | null) => void) => void

export class UncommittedEvents {
  readonly #afterCommit: AfterCommit
  readonly #store: EventStore
  readonly #committed: () => void
  /** Those with a record that was appended since the home was asked last, once for each record. */
  #events: EventRecord[] = []
  /** The same for each question that the home has not answered yet. */
  readonly #asked = new Set<readonly EventRecord[]>()
  #lastSeq = 0
  #committedSeq = 0

  /** `committed` is called whenever more has become durable. */
  constructor(afterCommit: AfterCommit, store: EventStore, committed: () => void) {
    this.#afterCommit = afterCommit
    this.#store = store
    this.#committed = committed
  }

  /** The last record known to be durable, among those appended here. */
  get committedSeq(): number {
    return this.#committedSeq
  }

  /** Whether all that was appended is. */
  get none(): boolean {
    return this.#committedSeq === this.#lastSeq
  }

  /** Events submitted after the record `seq`, which is durable or a later one is not, in their order. */
  submittedAfter(seq: number): EventRecord[] {
    return this.#held((record) => record.submitted.seq > seq)
  }

  /** The others, whose later records are not durable: in the order of these. */
  submittedUpTo(seq: number): EventRecord[] {
    return this.#held((record) => record.submitted.seq <= seq)
  }

  /** A record of `record` was appended. */
  appended(record: EventRecord, seq: number): void {
    record.uncommitted += 1
    if (this.#lastSeq === 0) this.#committedSeq = seq - 1
    this.#lastSeq = seq
    // One question for all that is appended in the same breath.
    if (this.#events.push(record) === 1) queueMicrotask(this.#ask)
  }

  #held(isMeant: (record: EventRecord) => boolean): EventRecord[] {
    const found = new Set<EventRecord>()
    for (const events of [...this.#asked, this.#events]) {
      for (const record of events) if (isMeant(record) && this.#store.inMemory(record.id) === record) found.add(record)
    }
    return [...found]
  }

  readonly #ask = (): void => {
    const events = this.#events
    const seq = this.#lastSeq
    this.#events = []
    this.#asked.add(events)
    try {
      this.#afterCommit((error) => {
        if (error === null) this.#durable(events, seq)
      })
    } catch {
      // A home that is closed says nothing any more, and nothing of it is needed.
    }
  }

  #durable(events: readonly EventRecord[], seq: number): void {
    this.#committedSeq = seq
    this.#asked.delete(events)
    for (const record of events) {
      record.uncommitted -= 1
      if (record.mayLeaveMemory && this.#store.inMemory(record.id) === record) this.#store.remove(record)
    }
    this.#committed()
  }
}
