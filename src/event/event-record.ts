import type { DeliveryContext, DeliveryStatus } from '../../machines/delivery.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import type { Linked } from '../collections/linked-list.ts'
import type { Lane } from '../lane/lane.ts'
import type { EventSubmitted, Transition } from '../log/transition.ts'

/** An event's first record. */
export type SubmittedTransition = Transition & { readonly event: EventSubmitted }

/**
 * One event that is not a live actor: its submission and its state at rest. Small, because there may be millions: what
 * was submitted stands in the log's own record, and the context of a waiting event is shared by all with its budget.
 *
 * While the event is the head of a live lane, its actor holds the state and `resting` is what it was at the start of
 * its turn; {@link EventRecord.state} reads whichever holds.
 */
export class EventRecord implements Linked<EventRecord> {
  readonly submitted: SubmittedTransition
  readonly bodyBytes: number
  #status: DeliveryStatus = 'pending'
  #context: DeliveryContext
  /** The line it waits in; null once settled. */
  lane: Lane | null = null
  /** When it settled, on the monotonic clock; meaningful once it has. */
  settledAt = 0
  /** The record that put it in its line; one that held its line keeps its place. */
  joinedSeq: number
  /** How many of its records are not known to be durable, where that is asked. */
  uncommitted = 0
  // It is either in its lane's line or in a list of settled events, never in both.
  previous: EventRecord | null = null
  next: EventRecord | null = null

  constructor(submitted: SubmittedTransition, bodyBytes: number, context: DeliveryContext) {
    this.submitted = submitted
    this.joinedSeq = submitted.seq
    this.bodyBytes = bodyBytes
    this.#context = context
  }

  get id(): string {
    return this.submitted.eventId
  }

  get endpointId(): string {
    return this.submitted.endpointId
  }

  get resting(): RestingDelivery {
    return { value: this.#status, context: this.#context }
  }

  rest(state: RestingDelivery): void {
    this.#status = state.value
    this.#context = state.context
  }

  /** Whether its home tells all of it, and nothing is done with it for now. A dead letter that holds its line is part of that. */
  get mayLeaveMemory(): boolean {
    return this.uncommitted === 0 && this.lane === null && !this.#context.holdsLine
  }

  /** The event's state now: of its live actor where there is one, else at rest. */
  get state(): RestingDelivery {
    return this.lane?.liveStateOf(this) ?? this.resting
  }
}
