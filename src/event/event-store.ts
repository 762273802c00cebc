import { EventNotFoundError } from '../errors/errors.ts'
import { nameId } from '../errors/describe-value.ts'
import type { StoredEvent, StoredEvents } from '../log/stored-events.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import type { ListingOrder } from './event-query.ts'
import type { EventRecord } from './event-record.ts'
import { readBack } from './read-back.ts'
import { SubmissionOrder } from './submission-order.ts'

/**
 * Every event that is kept, by id and by idempotency key. Where the log's home finds events by itself, memory holds only
 * those that wait next, are under way, or have a record that is not durable yet; the others are read back each time.
 */
export class EventStore {
  readonly #byId = new Map<string, EventRecord>()
  readonly #byIdempotencyKey = new Map<string, EventRecord>()
  /** Null where memory holds a part of the events only. */
  readonly #bySubmission: SubmissionOrder | null
  readonly #stored: StoredEvents | null

  constructor(stored: StoredEvents | null = null) {
    this.#stored = stored
    this.#bySubmission = stored === null ? new SubmissionOrder() : null
  }

  add(record: EventRecord): void {
    this.#byId.set(record.id, record)
    this.#bySubmission?.add(record)
    const { idempotencyKey } = record.submitted.event
    if (idempotencyKey !== null) this.#byIdempotencyKey.set(nameOf(record.endpointId, idempotencyKey), record)
  }

  /** Nothing tells of it any more; or its home does, and memory need not. */
  remove(record: EventRecord): void {
    this.#byId.delete(record.id)
    this.#bySubmission?.remove(record)
    const { idempotencyKey } = record.submitted.event
    if (idempotencyKey !== null) this.#byIdempotencyKey.delete(nameOf(record.endpointId, idempotencyKey))
  }

  has(eventId: string): boolean {
    return this.#byId.has(eventId) || this.#stored?.has(eventId) === true
  }

  /** The event, if memory holds it. */
  inMemory(eventId: string): EventRecord | undefined {
    return this.#byId.get(eventId)
  }

  /** All that memory holds, in the order in which it came to hold them. */
  allInMemory(): IterableIterator<EventRecord> {
    return this.#byId.values()
  }

  /**
   * Where memory holds all events: the next ones by submission, after the one with this `seq`, or from the beginning; fewer than
   * `limit` only when there are no more.
   */
  bySubmission(order: ListingOrder, afterSeq: number | null, limit: number): readonly EventRecord[] {
    return this.#bySubmission?.slice(order, afterSeq, limit) ?? []
  }

  /**
   * What is read back is the caller's alone: the same event may be read back again, or come into memory.
   *
   * @throws EventNotFoundError; DivergenceError when its records are damaged
   */
  get(eventId: unknown): EventRecord {
    const record = typeof eventId === 'string' ? this.#find(eventId) : undefined
    if (record === undefined) {
      throw new EventNotFoundError(
        `no event has the id ${nameId(eventId)}: it was never submitted, or retention has evicted it`,
      )
    }
    return record
  }

  /** @throws DivergenceError */
  withIdempotencyKey(endpointId: string, key: string): EventRecord | undefined {
    const record = this.#byIdempotencyKey.get(nameOf(endpointId, key))
    return record ?? readIfThere(this.#stored?.findByIdempotencyKey(endpointId, key))
  }

  /** Those in memory, in the order of submission. */
  unsettled(): EventRecord[] {
    return Array.from(this.#byId.values()).filter((record) => record.lane !== null || !isSettled(record.resting.value))
  }

  #find(eventId: string): EventRecord | undefined {
    return this.#byId.get(eventId) ?? readIfThere(this.#stored?.find(eventId))
  }
}

function readIfThere(stored: StoredEvent | null | undefined): EventRecord | undefined {
  return stored === null || stored === undefined ? undefined : readBack(stored)
}

/** An endpoint id holds no space, so no two keys share a name. */
function nameOf(endpointId: string, key: string): string {
  return `${endpointId} ${key}`
}
