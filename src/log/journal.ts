// Append, then act: the only place that appends. It takes one step of an event's statechart, appends the transition, and
// only then hands out what the step asks to be done. Nothing it returns was carried out; nothing it refused was stored.
import type { ActorRefFrom } from 'xstate'
import type { DeliveryEvent, DeliveryStatus } from '../../machines/delivery.ts'
import type { DeliveryLogic } from '../../machines/sequencer.ts'
import type { EventRecord, SubmittedTransition } from '../event/event-record.ts'
import type { Readings } from '../event/readings.ts'
import type { UncommittedEvents } from '../event/uncommitted-events.ts'
import type { Outbox } from '../statechart/outbox.ts'
import { deliveryVersion, isSettled, restOf, stepAtRest } from '../statechart/resting-delivery.ts'
import type { Intent } from '../statechart/resting-delivery.ts'
import type { LogHome } from './log-home.ts'
import type { EndpointTransition, EventSubmitted, LoggedEvent, TransitionDraft } from './transition.ts'

/** What came of a step: its intents; or the event was refused; or the event's own code failed in it. */
export type Step =
  | { readonly kind: 'taken'; readonly intents: readonly Intent[] }
  | { readonly kind: 'refused' }
  | { readonly kind: 'broken'; readonly error: unknown }

/** An event about to get its first record. */
export interface Submitting {
  readonly endpointId: string
  readonly eventId: string
  readonly event: EventSubmitted
}

const refused: Step = { kind: 'refused' }

export class Journal {
  readonly #log: LogHome
  readonly #outbox: Outbox
  readonly #readings: Readings
  readonly #uncommitted: UncommittedEvents | null

  /** `uncommitted` hears of each record of an event, where that is asked. */
  constructor(log: LogHome, outbox: Outbox, readings: Readings, uncommitted: UncommittedEvents | null = null) {
    this.#log = log
    this.#outbox = outbox
    this.#readings = readings
    this.#uncommitted = uncommitted
  }

  /** An event's first record. */
  submit({ endpointId, eventId, event }: Submitting): SubmittedTransition {
    // The event is given as EventSubmitted and comes back unchanged.
    return this.#append(endpointId, eventId, event, null, 'pending', 0) as SubmittedTransition
  }

  /** The first records of several events: of all, or, when the log refuses, of none. Hands out each once all are stored. */
  submitAll<T extends Submitting>(
    events: readonly T[],
    stored: (submitted: SubmittedTransition, event: T) => void,
  ): void {
    const drafts = events.map(({ endpointId, eventId, event }) =>
      draftOf(endpointId, eventId, event, null, 'pending', 0),
    )
    const transitions = this.#log.appendAll(drafts)
    events.forEach((event, index) => {
      const transition = transitions[index] as SubmittedTransition // one for each draft, as in submit
      this.#readings.read(transition)
      stored(transition, event)
    })
  }

  /**
   * One step of a live delivery. When the append fails it throws what the log threw, and the actor, whose state is ahead
   * of the log now, must be discarded.
   */
  step(record: EventRecord, delivery: ActorRefFrom<DeliveryLogic>, event: DeliveryEvent): Step {
    const before = delivery.getSnapshot()
    delivery.send(event)
    const broken = this.#outbox.takeQuarantined()
    const intents = this.#outbox.take()
    if (broken !== null) {
      record.rest(restOf(before))
      return { kind: 'broken', error: broken.error }
    }
    const after = delivery.getSnapshot()
    if (after === before) return refused
    let appended
    try {
      appended = this.#append(record.endpointId, record.id, event, before.value, after.value, after.context.attempts)
    } catch (error) {
      // What the log says, also when it cannot be read just now.
      record.rest(restOf(before))
      throw error
    }
    this.#uncommitted?.appended(record, appended.seq)
    return { kind: 'taken', intents }
  }

  /** One step of a delivery at rest, which is left in its new state. When the append fails it throws, and nothing changed. */
  stepAtRest(record: EventRecord, event: DeliveryEvent): Step {
    const before = record.resting
    const step = stepAtRest(before, event)
    if (step === null) return refused
    const { value, context } = step.resting
    const { seq } = this.#append(record.endpointId, record.id, event, before.value, value, context.attempts)
    record.rest(step.resting)
    // Back at the end of its line; one that holds it goes back to its own place.
    if (isSettled(before.value) && !isSettled(value) && !before.context.holdsLine) record.joinedSeq = seq
    this.#uncommitted?.appended(record, seq)
    return { kind: 'taken', intents: step.intents }
  }

  /** One step of an endpoint's own. When the append fails it throws, and the step is not to be taken. */
  stepEndpoint(
    endpointId: string,
    machine: string,
    { event, from, to }: Pick<EndpointTransition, 'event' | 'from' | 'to'>,
  ): EndpointTransition {
    return this.#log.appendEndpoint({ at: event.at, endpointId, eventId: '', event, from, to, attempts: 0, machine })
  }

  #append(
    endpointId: string,
    eventId: string,
    event: LoggedEvent,
    from: DeliveryStatus | null,
    to: DeliveryStatus,
    attempts: number,
  ) {
    const transition = this.#log.append(draftOf(endpointId, eventId, event, from, to, attempts))
    this.#readings.read(transition)
    return transition
  }
}

function draftOf(
  endpointId: string,
  eventId: string,
  event: LoggedEvent,
  from: DeliveryStatus | null,
  to: DeliveryStatus,
  attempts: number,
): TransitionDraft {
  return { at: event.at, endpointId, eventId, event, from, to, attempts, machine: deliveryVersion }
}
