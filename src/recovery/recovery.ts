// A service restarted on a log that holds records: it takes up every event as the log tells of it. The log does not hold
// the endpoints, so an endpoint's events rest until it is registered again under its former id; then its lines, its
// health and its due times go on. Nothing is sent here, and nothing that is settled is touched.
import type { Capacity } from '../admission/capacity.ts'
import { endpointRemovedFailure, processEndedFailure } from '../attempt/failure.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import { msSince } from '../clock/time-apart.ts'
import type { Ordering } from '../endpoint/endpoint-options.ts'
import { EventRecord } from '../event/event-record.ts'
import type { EventStore } from '../event/event-store.ts'
import type { Readings } from '../event/readings.ts'
import type { RetentionKeeper } from '../event/retention-keeper.ts'
import type { EndpointRecords } from '../health/endpoint-records.ts'
import type { EndpointLanes } from '../lane/endpoint-lanes.ts'
import { abandonEvent } from '../lane/abandon-event.ts'
import type { LaneObserver } from '../lane/lane-host.ts'
import type { Leaving, Removals } from '../lane/removals.ts'
import type { Journal } from '../log/journal.ts'
import type { ReadableLog } from '../log/merged-records.ts'
import type { ServiceEvents } from '../notices/notices.ts'
import { refuseOption } from '../options/refuse-option.ts'
import type { FoldedEvent } from '../replay/folded-log.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import type { FormerEndpoint } from './former-endpoint.ts'
import { formerEndpoints } from './former-endpoints.ts'
import { readLog } from './read-log.ts'
import type { Divergence, ReadLog } from './read-log.ts'

export interface RecoveryPorts {
  readonly clock: Clock
  readonly journal: Journal
  readonly readings: Readings
  readonly store: EventStore
  readonly capacity: Capacity
  readonly retention: RetentionKeeper
  readonly endpointRecords: EndpointRecords
  readonly removals: Pick<Removals, 'resume'>
  readonly observer: LaneObserver
  /** An event whose records do not follow from one another is left out: the service does not know it. */
  leftOut(notice: ServiceEvents['quarantined']): void
}

/** What the log tells of endpoints that are not registered yet. */
export interface Comeback {
  /** Takes up what the log holds. Only before anything is appended to it. */
  takeUp(log: ReadableLog): void
  /** Whether the log tells of an endpoint that was not registered again yet. */
  awaits(endpointId: string): boolean
  /**
   * Before an endpoint is registered under `endpointId`. Throws what the log throws; the call can be made again.
   *
   * @throws DivergenceError when the log cannot say how the endpoint was
   * @throws InvalidOptionError when events wait in lines of another `ordering`; null takes whatever waits
   */
  prepare(endpointId: string, ordering: Ordering | null): void
  /** The endpoint is registered: what it was before goes on. */
  comeBack(lanes: EndpointLanes): void
}

export class Recovery implements Comeback {
  readonly #ports: RecoveryPorts
  /** Those that were not registered again yet. */
  readonly #former = new Map<string, FormerEndpoint>()
  #diverged: ReadonlyMap<string, Divergence> = new Map()

  constructor(ports: RecoveryPorts) {
    this.#ports = ports
  }

  /** Takes up what the log holds. Only before anything is appended to it. */
  takeUp(log: ReadableLog): void {
    const read = readLog(log)
    const records = this.#takeUpEvents(read)
    for (const record of read.endpointRecords) this.#ports.endpointRecords.recover(record)
    for (const [id, endpoint] of formerEndpoints(read, records)) this.#former.set(id, endpoint)
    this.#diverged = read.divergedEndpoints
    const removed = Array.from(this.#former).filter(([, { health }]) => health.endpoint?.value === 'removed')
    this.#ports.removals.resume(removed.map(([id, former]) => this.#leavingOf(id, former)))
    for (const [eventId, { endpointId, error }] of read.divergedEvents) {
      const eventType = read.submissions.get(eventId)?.event.eventType ?? ''
      this.#ports.leftOut({ eventId, endpointId, eventType, error })
    }
  }

  /** Whether the log tells of an endpoint that was not registered again yet. */
  awaits(endpointId: string): boolean {
    return this.#former.has(endpointId) || this.#diverged.has(endpointId)
  }

  /**
   * Before an endpoint is registered under `endpointId`: what was in flight to it when the process ended is recorded as
   * interrupted. Throws what the log throws; the call can be made again.
   *
   * @throws DivergenceError when the log cannot say how the endpoint was
   * @throws InvalidOptionError when events wait in lines of another `ordering`; null takes whatever waits
   */
  prepare(endpointId: string, ordering: Ordering | null): void {
    const diverged = this.#diverged.get(endpointId)
    if (diverged !== undefined) throw diverged.error
    const events = this.#heldBy(endpointId)
    const other = events.find(({ submitted }) => (submitted.event.ordering ?? 'fifo') !== ordering)
    if (ordering !== null && other !== undefined) {
      const needed = other.submitted.event.ordering ?? 'fifo'
      refuseOption('ordering', `must be '${needed}', in which events of endpoint ${endpointId} wait`, ordering)
    }
    for (const record of events) this.#interrupt(record)
  }

  /** The endpoint is registered: what it was before goes on. */
  comeBack(lanes: EndpointLanes): void {
    const { id } = lanes.endpoint
    const former = this.#former.get(id)
    if (former === undefined) return
    this.#former.delete(id)
    lanes.takeUp(former)
  }

  #takeUpEvents({ folded, submissions, divergedEvents }: ReadLog): ReadonlyMap<string, EventRecord> {
    const { store, readings, capacity } = this.#ports
    const records = new Map<string, EventRecord>()
    const settled: FoldedEvent[] = []
    for (const event of folded.events.values()) {
      const { eventId, state } = event
      const submitted = submissions.get(eventId)
      if (submitted === undefined || divergedEvents.has(eventId)) continue
      const record = new EventRecord(submitted, Buffer.byteLength(submitted.event.body), state.context)
      record.rest(state)
      records.set(eventId, record)
      store.add(record)
      readings.recover(state)
      if (isSettled(state.value)) settled.push(event)
      else capacity.take(record.endpointId, record.bodyBytes)
    }
    this.#keep(settled, records)
    return records
  }

  /** As if they had been kept when they settled, one after the other. */
  #keep(settled: FoldedEvent[], records: ReadonlyMap<string, EventRecord>): void {
    const { retention, clock } = this.#ports
    const nowMs = clock.now()
    for (const { eventId, lastAt, state } of settled.sort((one, other) => one.lastSeq - other.lastSeq)) {
      const record = records.get(eventId)
      if (record === undefined) continue
      if (state.context.holdsLine) retention.pin(record, msSince(lastAt, nowMs))
      else retention.keep(record, msSince(lastAt, nowMs))
    }
  }

  /** What waits for the endpoint, line by line, and what holds its lines. */
  #heldBy(endpointId: string): EventRecord[] {
    const lines = this.#former.get(endpointId)?.lines ?? []
    return lines.flatMap(({ waiting, haltedBy }) => (haltedBy === null ? waiting : [haltedBy, ...waiting]))
  }

  #interrupt(record: EventRecord): void {
    const { value, context } = record.resting
    if (value !== 'delivering') return
    const { clock, journal, observer } = this.#ports
    const nowMs = clock.now()
    const event = { type: 'attempt.interrupted', attempt: context.attempts, at: isoTime(nowMs) } as const
    // Its place in line is known; of the step's effects nothing else is left to do.
    journal.stepAtRest(record, { ...event, failure: processEndedFailure, durationMs: 0 })
    observer.attemptFailed(record, processEndedFailure)
  }

  /** The process ended while the endpoint was being removed. */
  #leavingOf(endpointId: string, former: FormerEndpoint): Leaving {
    const events = this.#heldBy(endpointId)
    let settled = 0
    return {
      endpointId,
      settle: (most) => {
        const before = settled
        for (const record of events.slice(before, before + most)) {
          abandonEvent(record, endpointRemovedFailure, this.#ports)
          settled += 1
        }
        if (settled - before < most) this.#left(endpointId, former)
        return settled - before
      },
    }
  }

  /** What its lines came to is kept: whoever is registered under its id goes on counting. */
  #left(endpointId: string, former: FormerEndpoint): void {
    this.#former.set(endpointId, { ...former, health: { endpoint: null, breaker: null }, lines: [] })
    this.#ports.endpointRecords.forget(endpointId)
  }
}
