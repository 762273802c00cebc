// The way in: everything about a submission is checked, serialised once and measured before anything is stored. Then
// each of its events is appended to the log, and only an event that is in the log joins its line.
import { initialDeliveryContext } from '../../machines/delivery.ts'
import type { DeliveryContext } from '../../machines/delivery.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import { IdempotencyConflictError } from '../errors/errors.ts'
import { EventRecord } from '../event/event-record.ts'
import type { EventStore } from '../event/event-store.ts'
import { bodyOf, payloadTextOf } from '../event/payload-text.ts'
import type { Ids } from '../ids/ids.ts'
import type { EndpointLanes } from '../lane/endpoint-lanes.ts'
import type { LaneHost } from '../lane/lane-host.ts'
import type { Journal } from '../log/journal.ts'
import type { Capacity } from './capacity.ts'
import type { SubmitSettings } from './submit-options.ts'

/** What a caller submitted, checked and serialised. */
export interface Submission extends SubmitSettings {
  readonly eventType: string
  /** The payload's JSON. */
  readonly payloadText: string
}

export interface AdmissionPorts {
  readonly clock: Clock
  readonly ids: Ids
  readonly journal: Journal
  readonly store: EventStore
  readonly capacity: Capacity
  readonly policyFor: LaneHost['policyFor']
}

export class Admission {
  readonly #ports: AdmissionPorts
  /** By budget. A waiting event's context is the same for all with its budget, and contexts never change. */
  readonly #contexts = new Map<number, DeliveryContext>()

  constructor(ports: AdmissionPorts) {
    this.#ports = ports
  }

  /**
   * One event for each of `receivers`: all, or none and an error. Returns the events' ids, in order; where the idempotency
   * key was used before, the id it made then.
   */
  admit(receivers: readonly EndpointLanes[], submission: Submission): string[] {
    const { capacity, clock, ids } = this.#ports
    const payloadBytes = Buffer.byteLength(submission.payloadText)
    capacity.checkPayload(payloadBytes)
    const at = isoTime(clock.now())
    const known = receivers.map((lanes) => this.#submittedBefore(lanes.endpoint.id, submission))
    const fresh = receivers.flatMap((lanes, index) => {
      if (known[index] !== undefined) return []
      const { body: form } = lanes.endpoint.settings
      const eventId = ids.eventId()
      const body = bodyOf(form, eventId, submission.eventType, at, submission.payloadText)
      return [{ lanes, eventId, form, body, bytes: form === 'payload' ? payloadBytes : Buffer.byteLength(body) }]
    })
    capacity.checkRoom(
      fresh.length,
      fresh.reduce((sum, { bytes }) => sum + bytes, 0),
    )
    let stored = 0
    return known.map((record) => {
      if (record !== undefined) return record.id
      const event = fresh[stored++] as (typeof fresh)[number] // as many as there are receivers not known
      return this.#store(submission, at, event)
    })
  }

  #store(
    submission: Submission,
    at: string,
    event: { lanes: EndpointLanes; eventId: string; form: 'payload' | 'envelope'; body: string; bytes: number },
  ): string {
    const { journal, store, capacity } = this.#ports
    const { lanes, eventId, form, body, bytes } = event
    const { eventType, orderingKey, idempotencyKey } = submission
    const budget = this.#ports.policyFor(lanes.endpoint, eventType).maxAttempts
    const lane = lanes.laneOf(eventId, orderingKey)
    const sequence = lanes.nextSequence(lane)
    let submitted
    try {
      submitted = journal.submit(lanes.endpoint.id, eventId, {
        type: 'event.submitted',
        at,
        eventType,
        body,
        form,
        sequence,
        orderingKey,
        idempotencyKey,
        budget,
      })
    } catch (error) {
      lanes.returnSequence(lane)
      throw error
    }
    const record = new EventRecord(submitted, bytes, this.#contextFor(budget))
    store.add(record)
    capacity.take(bytes)
    lane.join(record)
    return eventId
  }

  #submittedBefore(endpointId: string, submission: Submission): EventRecord | undefined {
    const { idempotencyKey, eventType, payloadText } = submission
    if (idempotencyKey === null) return undefined
    const record = this.#ports.store.withIdempotencyKey(endpointId, idempotencyKey)
    if (record === undefined) return undefined
    const { event } = record.submitted
    if (event.eventType === eventType && payloadTextOf(event) === payloadText) return record
    throw new IdempotencyConflictError(
      `the idempotency key of event ${record.id} was used again for endpoint ${endpointId} with another event type or payload; nothing was stored`,
    )
  }

  #contextFor(budget: number): DeliveryContext {
    let context = this.#contexts.get(budget)
    if (context === undefined) this.#contexts.set(budget, (context = initialDeliveryContext(budget)))
    return context
  }
}
