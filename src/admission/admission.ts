// The way in: everything about a submission is checked, serialised once and measured before anything is stored. Then
// each of its events is appended to the log, and only an event that is in the log joins its line.
import { initialDeliveryContext } from '../../machines/delivery.ts'
import type { DeliveryContext } from '../../machines/delivery.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import { CapacityError, IdempotencyConflictError } from '../errors/errors.ts'
import type { EndpointDisabledError } from '../errors/errors.ts'
import { HooklineError } from '../errors/hookline-error.ts'
import { inBatch } from '../errors/in-batch.ts'
import { EventRecord } from '../event/event-record.ts'
import type { SubmittedTransition } from '../event/event-record.ts'
import type { EventStore } from '../event/event-store.ts'
import { bodyOf, payloadTextOf } from '../event/payload-text.ts'
import { takeId } from '../ids/checked-ids.ts'
import type { Ids } from '../ids/ids.ts'
import type { EndpointLanes } from '../lane/endpoint-lanes.ts'
import { laneKeyOf } from '../lane/lane-key.ts'
import type { Lane } from '../lane/lane.ts'
import type { LaneHost } from '../lane/lane-host.ts'
import type { Journal } from '../log/journal.ts'
import type { EventSubmitted } from '../log/transition.ts'
import type { SubmissionResult } from '../webhook-service.ts'
import type { Capacity } from './capacity.ts'
import type { Submission } from './submission.ts'

/** One event that was asked for. */
export interface Requested {
  readonly lanes: EndpointLanes
  readonly submission: Submission
}

/** What it comes to: an event of its own, or the one that was submitted before. */
interface Planned extends Requested {
  readonly eventId: string
  readonly fresh: Fresh | null
}

interface Fresh {
  readonly form: 'payload' | 'envelope'
  readonly body: string
  readonly bytes: number
}

/** An event with its place in line, ready to be appended. */
interface Placed {
  readonly endpointId: string
  readonly eventId: string
  readonly event: EventSubmitted
  readonly bytes: number
  readonly lane: Lane
  readonly lanes: EndpointLanes
}

export interface AdmissionPorts {
  readonly clock: Clock
  readonly ids: Ids
  readonly journal: Journal
  readonly store: EventStore
  readonly capacity: Capacity
  readonly policyFor: LaneHost['policyFor']
  readonly windows: LaneHost['windows']
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
    this.#ports.capacity.checkPayload(submission)
    return this.#admitAll(receivers.map((lanes) => ({ lanes, submission })))
  }

  /** The same for events that have nothing in common. One that repeats another of the batch answers with its id. */
  admitBatch(batch: readonly Requested[]): string[] {
    for (const { submission } of batch) this.#ports.capacity.checkPayload(submission)
    return this.#admitAll(batch)
  }

  /** The same, where what the idempotency key or a limit refuses is left out, and so is what was refused before. */
  admitEach(batch: readonly (Requested | EndpointDisabledError)[]): SubmissionResult[] {
    const { capacity, clock } = this.#ports
    for (const item of batch) if (!(item instanceof HooklineError)) capacity.checkPayload(item.submission)
    const at = isoTime(clock.now())
    const planOne = this.#planner(at)
    const planned: Planned[] = []
    let bytes = 0
    let events = 0
    const results = batch.map((item): SubmissionResult => {
      if (item instanceof HooklineError) return { error: item }
      try {
        const plan = planOne(item, (fresh) => {
          capacity.checkRoom(events + 1, bytes + fresh.bytes, item.submission.where)
          events += 1
          bytes += fresh.bytes
        })
        planned.push(plan)
        return { eventId: plan.eventId }
      } catch (error) {
        if (error instanceof IdempotencyConflictError || error instanceof CapacityError) return { error }
        throw error
      }
    })
    this.#store(planned, at)
    return results
  }

  #admitAll(requested: readonly Requested[]): string[] {
    const { capacity, clock } = this.#ports
    const at = isoTime(clock.now())
    const planOne = this.#planner(at)
    let bytes = 0
    let events = 0
    const planned = requested.map((item) =>
      planOne(item, (fresh) => {
        events += 1
        bytes += fresh.bytes
      }),
    )
    capacity.checkRoom(events, bytes)
    this.#store(planned, at)
    return planned.map(({ eventId }) => eventId)
  }

  #store(planned: readonly Planned[], at: string): void {
    const placed: Placed[] = []
    try {
      for (const plan of planned) {
        const place = this.#place(plan, at)
        if (place !== null) placed.push(place)
      }
      this.#ports.journal.submitAll(placed, (submitted, event) => {
        this.#take(event, submitted)
      })
    } catch (error) {
      for (const { lanes, lane } of placed) lanes.returnSequence(lane)
      for (const { lanes, lane } of placed) lanes.leave(lane)
      throw error
    }
  }

  /** The same for one receiver. */
  admitOne(lanes: EndpointLanes, submission: Submission): string {
    const { capacity, clock, journal } = this.#ports
    capacity.checkPayload(submission)
    const at = isoTime(clock.now())
    const plan = this.#plan(lanes, submission, at, this.#isTaken)
    if (plan.fresh !== null) capacity.checkRoom(1, plan.fresh.bytes)
    const placed = this.#place(plan, at)
    if (placed === null) return plan.eventId
    let submitted
    try {
      submitted = journal.submit(placed)
    } catch (error) {
      lanes.returnSequence(placed.lane)
      lanes.leave(placed.lane)
      throw error
    }
    this.#take(placed, submitted)
    return plan.eventId
  }

  readonly #isTaken = (eventId: string): boolean => this.#ports.store.has(eventId)

  /** Plans the events of one batch, one after the other. `admits` throws for one of its own that is not to be stored after all. */
  #planner(at: string): (item: Requested, admits: (fresh: Fresh) => void) => Planned {
    const taken = new Set<string>()
    const isTaken = (id: string): boolean => taken.has(id) || this.#isTaken(id)
    const byKey = new Map<string, Planned>()
    return ({ lanes, submission }, admits) => {
      const { idempotencyKey } = submission
      // An endpoint id holds no space, so no two keys share a name.
      const name = idempotencyKey === null ? null : `${lanes.endpoint.id} ${idempotencyKey}`
      const repeated = name === null ? undefined : byKey.get(name)
      if (repeated !== undefined) return repeat(repeated, submission)
      const plan = this.#plan(lanes, submission, at, isTaken)
      if (plan.fresh !== null) admits(plan.fresh)
      taken.add(plan.eventId)
      if (name !== null) byKey.set(name, plan)
      return plan
    }
  }

  #plan(lanes: EndpointLanes, submission: Submission, at: string, isTaken: (eventId: string) => boolean): Planned {
    const { endpoint } = lanes
    const known = this.#submittedBefore(endpoint.id, submission)
    if (known !== undefined) return { eventId: known.id, lanes, submission, fresh: null }
    const eventId = takeId(this.#ports.ids, 'eventId', isTaken)
    const { body: form } = endpoint.settings
    const body = bodyOf(form, eventId, submission.eventType, at, submission.payloadText)
    const bytes = form === 'payload' ? submission.payloadBytes : Buffer.byteLength(body)
    return { eventId, lanes, submission, fresh: { form, body, bytes } }
  }

  #place({ eventId, lanes, submission, fresh }: Planned, at: string): Placed | null {
    if (fresh === null) return null
    const { eventType, orderingKey, idempotencyKey } = submission
    const { form, body, bytes } = fresh
    const { endpoint } = lanes
    const budget = this.#ports.policyFor(endpoint, eventType).maxAttempts
    const type = 'event.submitted'
    const { ordering } = endpoint.settings
    const lane = lanes.laneAt(laneKeyOf(ordering, orderingKey, eventId))
    const sequence = lanes.nextSequence(lane)
    const plain = { type, at, eventType, body, form, sequence, orderingKey, idempotencyKey, budget } as const
    // Written out: spreading `plain` would cost a submission a fifth of its time.
    const event =
      ordering === 'fifo'
        ? plain
        : ({ type, at, eventType, body, form, sequence, orderingKey, idempotencyKey, budget, ordering } as const)
    return { endpointId: endpoint.id, eventId, event, bytes, lane, lanes }
  }

  /** The event is in the log; now it joins its line. */
  #take({ bytes, lane, event }: Placed, submitted: SubmittedTransition): void {
    const record = new EventRecord(submitted, bytes, this.#contextFor(event.budget))
    this.#ports.store.add(record)
    this.#ports.windows?.uncommitted.appended(record, submitted.seq)
    this.#ports.capacity.take(record.endpointId, bytes)
    lane.join(record)
  }

  #submittedBefore(endpointId: string, submission: Submission): EventRecord | undefined {
    const { idempotencyKey, eventType, payloadText } = submission
    if (idempotencyKey === null) return undefined
    const record = this.#ports.store.withIdempotencyKey(endpointId, idempotencyKey)
    if (record === undefined) return undefined
    const { event } = record.submitted
    if (event.eventType === eventType && payloadTextOf(event) === payloadText) return record
    return refuseConflict(`event ${record.id}`, endpointId, submission)
  }

  #contextFor(budget: number): DeliveryContext {
    let context = this.#contexts.get(budget)
    if (context === undefined) this.#contexts.set(budget, (context = initialDeliveryContext(budget)))
    return context
  }
}

function repeat(planned: Planned, again: Submission): Planned {
  const { eventId, lanes, submission } = planned
  if (submission.eventType === again.eventType && submission.payloadText === again.payloadText) {
    return { eventId, lanes, submission: again, fresh: null }
  }
  return refuseConflict(submission.where, lanes.endpoint.id, again)
}

function refuseConflict(first: string, endpointId: string, { where }: Submission): never {
  const conflict = `the idempotency key of ${first} was used again for endpoint ${endpointId} with another event type or payload; nothing was stored`
  throw new IdempotencyConflictError(inBatch(where, conflict))
}
