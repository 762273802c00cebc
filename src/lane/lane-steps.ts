// How the events of a lane take their steps: appended first, then carried out. And what becomes of what goes wrong: a step
// that the log does not take is offered again, and an event that hookline's own code fails on is stopped, alone.
import type { DeliveryEvent } from '../../machines/delivery.ts'
import { internalFailure } from '../attempt/failure.ts'
import { isoTime } from '../clock/iso-time.ts'
import type { EventRecord } from '../event/event-record.ts'
import { foldEvent } from '../replay/fold.ts'
import type { LaneHost } from './lane-host.ts'
import type { LaneSequencer } from './lane-sequencer.ts'
import type { Lane } from './lane.ts'
import type { WakeUp } from './wake-up.ts'

/** How long a lane waits before it offers the log again what the log could not take. */
const appendAgainMs = 1000

export class LaneSteps {
  readonly #lane: Lane
  readonly #sequencer: LaneSequencer
  readonly #wakeUp: WakeUp
  readonly #host: LaneHost
  /** An answer that the log has not taken yet. */
  #owed: DeliveryEvent | null = null

  /** `wakeUp` is scheduled when something is to be offered again. */
  constructor(lane: Lane, sequencer: LaneSequencer, wakeUp: WakeUp, host: LaneHost) {
    this.#lane = lane
    this.#sequencer = sequencer
    this.#wakeUp = wakeUp
    this.#host = host
  }

  /** Whether an answer is still to be offered to the log. */
  get owes(): boolean {
    return this.#owed !== null
  }

  /** False when the state of `record` takes no notice of `event`. Throws what the log throws; nothing has changed then. */
  take(record: EventRecord, event: DeliveryEvent): boolean {
    const delivery = this.#sequencer.deliveryOf(record)
    let step
    try {
      step =
        delivery === null
          ? this.#host.journal.stepAtRest(record, event)
          : this.#host.journal.step(record, delivery, event)
    } catch (error) {
      if (delivery !== null) this.#takeBack(record)
      throw error
    }
    if (step.kind === 'broken') this.quarantine(record, step.error)
    if (step.kind !== 'taken') return false
    if ('attempt' in event && 'failure' in event) this.#host.observer.attemptFailed(record, event.failure)
    try {
      for (const intent of step.intents) this.#lane.carryOut(intent, record, event.at)
      return true
    } catch (error) {
      this.stop(record, error)
      return event.type !== 'attempt.started'
    }
  }

  /** Like `take`, for what happens by itself: what the log does not take now is offered again later. */
  takeOrPutOff(record: EventRecord, event: DeliveryEvent): boolean {
    try {
      return this.take(record, event)
    } catch (error) {
      this.#owed = event.type === 'attempt.started' ? null : event
      this.#host.scheduler.setKeepsAlive(this.#wakeUp, true)
      this.#host.scheduler.schedule(this.#wakeUp, appendAgainMs)
      this.#host.observer.appendFailed(record, error)
      return false
    }
  }

  /** Offers the log what it did not take of the line's head. False when there is no such thing. */
  offerAgain(head: EventRecord | null): boolean {
    const event = this.#owed
    this.#owed = null
    if (head === null || event === null) return false
    this.takeOrPutOff(head, event)
    return true
  }

  /** The head has settled in another way. */
  forgetOwed(): void {
    this.#owed = null
  }

  /** Stops an event whose last step is in the log, but could not be carried out. */
  stop(record: EventRecord, error: unknown): void {
    record.rest(record.state)
    this.quarantine(record, error)
  }

  /** Stops an event whose actor is not to be trusted. A broken invariant stops only the one event it concerns. */
  quarantine(record: EventRecord, error: unknown): void {
    try {
      this.#takeBack(record)
    } catch {
      // The log cannot be read. What is at rest is what it took last.
    }
    this.#host.observer.quarantined(record, error)
    const at = isoTime(this.#host.clock.now())
    this.takeOrPutOff(record, { type: 'event.abandoned', at, failure: internalFailure })
  }

  /** The actor is ahead of the log: it goes, and the event is what the log says. */
  #takeBack(record: EventRecord): void {
    this.#host.liveLanes.remove(this.#lane)
    this.#sequencer.discard()
    const logged = foldEvent(this.#host.log.entries({ eventId: record.id }))
    if (logged !== null) record.rest(logged)
  }
}
