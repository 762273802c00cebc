import { EventNotFoundError } from '../errors/errors.ts'
import { nameId } from '../errors/describe-value.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import type { EventRecord } from './event-record.ts'

/** Every event that is kept, by id and by idempotency key. */
export class EventStore {
  readonly #byId = new Map<string, EventRecord>()
  readonly #byIdempotencyKey = new Map<string, EventRecord>()

  add(record: EventRecord): void {
    this.#byId.set(record.id, record)
    const { idempotencyKey } = record.submitted.event
    if (idempotencyKey !== null) this.#byIdempotencyKey.set(nameOf(record.endpointId, idempotencyKey), record)
  }

  remove(record: EventRecord): void {
    this.#byId.delete(record.id)
    const { idempotencyKey } = record.submitted.event
    if (idempotencyKey !== null) this.#byIdempotencyKey.delete(nameOf(record.endpointId, idempotencyKey))
  }

  has(eventId: string): boolean {
    return this.#byId.has(eventId)
  }

  /** @throws EventNotFoundError */
  get(eventId: unknown): EventRecord {
    const record = typeof eventId === 'string' ? this.#byId.get(eventId) : undefined
    if (record === undefined) {
      throw new EventNotFoundError(
        `no event has the id ${nameId(eventId)}: it was never submitted, or retention has evicted it`,
      )
    }
    return record
  }

  withIdempotencyKey(endpointId: string, key: string): EventRecord | undefined {
    return this.#byIdempotencyKey.get(nameOf(endpointId, key))
  }

  /** In the order of submission. */
  unsettled(): EventRecord[] {
    return Array.from(this.#byId.values()).filter((record) => record.lane !== null || !isSettled(record.resting.value))
  }
}

/** An endpoint id holds no space, so no two keys share a name. */
function nameOf(endpointId: string, key: string): string {
  return `${endpointId} ${key}`
}
