// One lane as viewers see it: the sequencer and, under it, the delivery whose turn it is, run by the very code that runs
// them in a service, with nothing behind their effects. The log holds the deliveries' steps; the sequencer's own follow
// from them.
import type { ActorRefFrom } from 'xstate'
import type { DeliveryEvent, DeliveryStatus } from '../../../machines/delivery.ts'
import type { DeliveryLogic, Head } from '../../../machines/sequencer.ts'
import type { LaneActors, SequencerActor } from '../../statechart/lane-actors.ts'
import { isSettled } from '../../statechart/resting-delivery.ts'
import type { Shadow } from './recent-shadows.ts'
import type { ShownSubmission } from './shown-event.ts'

/** An event whose turn it is, with what is shown of it beside its state. */
export interface ShownHead extends Head {
  readonly submission: ShownSubmission
}

export class LaneShadow implements Shadow {
  readonly name: string
  readonly endpointId: string
  readonly #actors: LaneActors
  #sequencer: SequencerActor
  #head: string | null = null
  #haltedBy: string | null = null

  constructor(name: string, endpointId: string, actors: LaneActors) {
    this.name = name
    this.endpointId = endpointId
    this.#actors = actors
    this.#sequencer = this.#start()
  }

  /** The event under way. */
  get head(): string | null {
    return this.#head
  }

  /** The dead letter that holds it. */
  get haltedBy(): string | null {
    return this.#haltedBy
  }

  /** Whether nothing is under way in it and nothing holds it. */
  get idle(): boolean {
    return this.#head === null && this.#haltedBy === null
  }

  /** The head's state, if `eventId` is the head. */
  stateOf(eventId: string): DeliveryStatus | null {
    return this.#delivery(eventId)?.getSnapshot().value ?? null
  }

  /** Gives `head` its turn. Whoever had it was not seen to settle, and is put to rest. */
  arrive(head: ShownHead): void {
    if (this.#head !== null) this.#sequencer.send({ type: 'head.rested' })
    this.#sequencer.send({ type: 'head.arrived', head })
    if (this.#delivery(head.eventId) === undefined) {
      // Held or paused, as far as is known: what let it go was not seen.
      this.#sequencer.stop()
      this.#sequencer = this.#start()
      this.#sequencer.send({ type: 'head.arrived', head })
    }
    this.#head = head.eventId
    this.#haltedBy = null
  }

  /** A step of the head's, and what follows from it for the lane. Returns the head's state after it. */
  take(eventId: string, event: DeliveryEvent): DeliveryStatus | null {
    const delivery = this.#delivery(eventId)
    if (delivery === undefined) return null
    delivery.send(event)
    const { value, context } = delivery.getSnapshot()
    if (isSettled(value)) this.#settled(eventId, context.holdsLine)
    return value
  }

  /** The dead letter that held it does no more. */
  release(): void {
    this.#haltedBy = null
    this.resume()
  }

  pause(): void {
    this.#sequencer.send({ type: 'lane.paused' })
  }

  resume(): void {
    this.#sequencer.send({ type: 'lane.resumed' })
  }

  stop(): void {
    this.#sequencer.stop()
  }

  #settled(eventId: string, holdsLine: boolean): void {
    this.#sequencer.send(holdsLine ? { type: 'head.exhausted' } : { type: 'head.settled', next: null })
    this.#head = null
    if (holdsLine) this.#haltedBy = eventId
  }

  #delivery(eventId: string): ActorRefFrom<DeliveryLogic> | undefined {
    const children = this.#sequencer.getSnapshot().children as Record<string, ActorRefFrom<DeliveryLogic> | undefined>
    return children[eventId] // a sequencer spawns nothing but deliveries, by their events' ids
  }

  #start(): SequencerActor {
    // An error of its own leaves it without children, and the next head starts it anew.
    return this.#actors.sequencer(this.name, () => undefined)
  }
}
