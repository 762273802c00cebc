// A lane's live actors: its sequencer, and under it the delivery of the event whose turn it is. They exist only while
// they are needed; whatever state they held goes back into the event's record.
import type { ActorRefFrom } from 'xstate'
import type { DeliveryLogic, Head, RestingDelivery } from '../../machines/sequencer.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { LaneActors, SequencerActor } from '../statechart/lane-actors.ts'
import { restOf } from '../statechart/resting-delivery.ts'

/** The actor of one event. */
export type DeliveryActor = ActorRefFrom<DeliveryLogic>

export class LaneSequencer {
  readonly #actors: LaneActors
  readonly #laneId: string
  readonly #failed: (error: unknown) => void
  #sequencer: SequencerActor | null = null
  #head: EventRecord | null = null
  #delivery: DeliveryActor | null = null

  /** `failed` hears of an error of the sequencer itself; its actors are gone then. */
  constructor(actors: LaneActors, laneId: string, failed: (error: unknown) => void) {
    this.#actors = actors
    this.#laneId = laneId
    this.#failed = failed
  }

  get live(): boolean {
    return this.#sequencer !== null
  }

  /** The delivery actor of `record`, if it is the live head. */
  deliveryOf(record: EventRecord): DeliveryActor | null {
    return record === this.#head ? this.#delivery : null
  }

  liveStateOf(record: EventRecord): RestingDelivery | null {
    const delivery = this.deliveryOf(record)
    if (delivery === null) return null
    return restOf(delivery.getSnapshot())
  }

  /** Makes `record` the live head, waking the sequencer if need be. Null when the sequencer takes no head now. */
  arrive(record: EventRecord): DeliveryActor | null {
    if (record === this.#head) return this.#delivery
    this.#sequencer ??= this.#actors.sequencer(this.#laneId, this.#died)
    this.#sequencer.send({ type: 'head.arrived', head: headOf(record) })
    return this.#adopt(record)
  }

  /** The head is settled and at rest; `next` takes its place in the same step, if the lane may go on. */
  settled(next: EventRecord | null): void {
    this.#sequencer?.send({ type: 'head.settled', next: next === null ? null : headOf(next) })
    this.#adopt(next)
  }

  /** The head is dead-lettered and at rest, and holds the line. */
  exhausted(): void {
    this.#sequencer?.send({ type: 'head.exhausted' })
    this.#adopt(null)
  }

  pause(): void {
    this.#sequencer?.send({ type: 'lane.paused' })
  }

  resume(): void {
    this.#sequencer?.send({ type: 'lane.resumed' })
  }

  close(): void {
    this.#sequencer?.send({ type: 'lane.closed' })
  }

  /** Puts the head back to rest and stops all actors. */
  rest(): void {
    const head = this.#head
    if (head !== null) head.rest(this.liveStateOf(head) ?? head.resting)
    this.discard()
  }

  /** Stops all actors and forgets what they held: their state is ahead of the log. */
  discard(): void {
    this.#sequencer?.stop()
    this.#sequencer = null
    this.#adopt(null)
  }

  readonly #died = (error: unknown): void => {
    this.#sequencer = null
    this.#adopt(null)
    this.#failed(error)
  }

  /** Finds the delivery that the sequencer spawned for `record`, if it did. */
  #adopt(record: EventRecord | null): DeliveryActor | null {
    const children = this.#sequencer?.getSnapshot().children as Record<string, DeliveryActor | undefined> | undefined
    this.#delivery = record === null ? null : (children?.[record.id] ?? null)
    this.#head = this.#delivery === null ? null : record
    return this.#delivery
  }
}

function headOf(record: EventRecord): Head {
  return { eventId: record.id, resting: record.resting }
}
