// What the index is to say of an event, worked out from its records alone: a second opinion beside the one that wrote it.
import { msOf } from '../../clock/iso-time.ts'
import { foldTransition } from '../../replay/fold.ts'
import { laneKeyOf } from '../../lane/lane-key.ts'
import type { EventSubmitted, Transition } from '../../log/transition.ts'
import { isSettled } from '../../statechart/resting-delivery.ts'
import type { RestingDelivery } from '../../../machines/sequencer.ts'
import { settledStatuses } from '../schema.ts'

/** A row of `events`, but for its numbers. */
export interface EventRow {
  readonly id: string
  readonly endpointId: string
  readonly lane: string | null
  readonly joined: number | null
  readonly status: number | null
  readonly settledAtMs: number | null
  readonly bytes: number
  readonly idempotencyKey: string | null
  /** Null in a row that version 1 of the file has written; so is the time. */
  readonly type: string | null
  readonly submittedAtMs: number | null
}

/** One event, folded record by record. */
export class FoldedRow {
  #submitted: EventSubmitted | null = null
  #first: Transition | null = null
  #state: RestingDelivery | null = null
  #joined: number | null = null
  #settledAtMs: number | null = null
  #attempts = 0

  /** @throws DivergenceError when the record does not follow */
  fold(record: Transition): void {
    const before = this.#state
    const after = foldTransition(before, record)
    const { event, seq, at } = record
    if (event.type === 'event.submitted') {
      this.#first = record
      this.#submitted = event
      this.#joined = seq
    } else if (event.type === 'attempt.started') {
      this.#attempts += 1
    }
    const wasSettled = before !== null && isSettled(before.value)
    if (!isSettled(after.value)) {
      this.#settledAtMs = null
      this.#joined ??= seq
    } else {
      if (!wasSettled) this.#settledAtMs = Date.parse(at)
      if (!after.context.holdsLine) this.#joined = null
    }
    this.#state = after
  }

  /** Of all its records. */
  get attempts(): number {
    return this.#attempts
  }

  /** The line in which its place was given, and the place. */
  get place(): { readonly lane: string; readonly sequence: number } {
    const { sequence = 0 } = this.#submitted ?? {}
    return { lane: this.#submitted?.ordering === 'key' ? this.#key : '', sequence }
  }

  row(): EventRow | null {
    if (this.#first === null || this.#submitted === null || this.#state === null) return null
    const { eventId, endpointId, at } = this.#first
    const { body, idempotencyKey, ordering, eventType } = this.#submitted
    const status = this.#state.value
    return {
      id: eventId,
      endpointId,
      lane: ordering === 'none' ? null : laneKeyOf(ordering ?? 'fifo', this.#key, eventId),
      joined: this.#joined,
      status: isSettled(status) ? settledStatuses[status] : null,
      settledAtMs: this.#settledAtMs,
      bytes: Buffer.byteLength(body),
      idempotencyKey,
      type: eventType,
      submittedAtMs: msOf(at),
    }
  }

  get #key(): string {
    return this.#submitted?.orderingKey ?? ''
  }
}
