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

/** What is stored for one receiver; no draft where the event was stored before. */
interface Planned {
  readonly eventId: string
  readonly lanes: EndpointLanes
  readonly draft: Draft | null
}

interface Draft {
  readonly at: string
  readonly form: 'payload' | 'envelope'
  readonly body: string
  readonly bytes: number
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
    const { capacity, clock } = this.#ports
    const payloadBytes = Buffer.byteLength(submission.payloadText)
    capacity.checkPayload(payloadBytes)
    const at = isoTime(clock.now())
    const planned = receivers.map((lanes) => this.#plan(lanes, submission, at, payloadBytes))
    let events = 0
    let bytes = 0
    for (const { draft } of planned) {
      if (draft === null) continue
      events += 1
      bytes += draft.bytes
    }
    capacity.checkRoom(events, bytes)
    for (const { eventId, lanes, draft } of planned) {
      if (draft !== null) this.#store(eventId, lanes, submission, draft)
    }
    return planned.map(({ eventId }) => eventId)
  }

  /** The same for one receiver. */
  admitOne(lanes: EndpointLanes, submission: Submission): string {
    const { capacity, clock } = this.#ports
    const payloadBytes = Buffer.byteLength(submission.payloadText)
    capacity.checkPayload(payloadBytes)
    const { eventId, draft } = this.#plan(lanes, submission, isoTime(clock.now()), payloadBytes)
    if (draft !== null) {
      capacity.checkRoom(1, draft.bytes)
      this.#store(eventId, lanes, submission, draft)
    }
    return eventId
  }

  #plan(lanes: EndpointLanes, submission: Submission, at: string, payloadBytes: number): Planned {
    const { endpoint } = lanes
    const known = this.#submittedBefore(endpoint.id, submission)
    if (known !== undefined) return { eventId: known.id, lanes, draft: null }
    const eventId = this.#ports.ids.eventId()
    const { body: form } = endpoint.settings
    const body = bodyOf(form, eventId, submission.eventType, at, submission.payloadText)
    const bytes = form === 'payload' ? payloadBytes : Buffer.byteLength(body)
    return { eventId, lanes, draft: { at, form, body, bytes } }
  }

  /** Appends, and only then lets the event join its line. */
  #store(eventId: string, lanes: EndpointLanes, submission: Submission, draft: Draft): void {
    const { journal, store, capacity } = this.#ports
    const { eventType, orderingKey, idempotencyKey } = submission
    const { at, form, body, bytes } = draft
    const { endpoint } = lanes
    const budget = this.#ports.policyFor(endpoint, eventType).maxAttempts
    const type = 'event.submitted'
    const lane = lanes.laneOf(eventId, orderingKey)
    const sequence = lanes.nextSequence(lane)
    let submitted
    try {
      const event = { type, at, eventType, body, form, sequence, orderingKey, idempotencyKey, budget } as const
      submitted = journal.submit(endpoint.id, eventId, event)
    } catch (error) {
      lanes.returnSequence(lane)
      throw error
    }
    const record = new EventRecord(submitted, bytes, this.#contextFor(budget))
    store.add(record)
    capacity.take(bytes)
    lane.join(record)
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
