// The composition: a service is its endpoints, lanes, log, limits and ports, put together here and nowhere else.
import { Admission } from './admission/admission.ts'
import { Capacity } from './admission/capacity.ts'
import { Submissions } from './admission/submissions.ts'
import { Scheduler } from './clock/scheduler.ts'
import { describeEndpoint } from './endpoint/endpoint-details.ts'
import type { EndpointDetails } from './endpoint/endpoint-details.ts'
import { readEndpointIdsFilter } from './endpoint/endpoint-ids-filter.ts'
import { EndpointManagement } from './endpoint/endpoint-management.ts'
import { EndpointRegistry } from './endpoint/endpoint-registry.ts'
import { KeptEndpoints } from './endpoint/kept-endpoints.ts'
import { ServiceClosedError } from './errors/errors.ts'
import { describeDeadLetter } from './event/dead-letter.ts'
import type { DeadLetterEvent } from './event/dead-letter.ts'
import { describeEvent } from './event/event-details.ts'
import type { EventDetails } from './event/event-details.ts'
import { eventListing } from './event/event-listing.ts'
import { statusOf } from './event/event-status.ts'
import type { EventStatus } from './event/event-status.ts'
import type { EventStore } from './event/event-store.ts'
import { Drains } from './event/drains.ts'
import { Readings } from './event/readings.ts'
import { Redelivery } from './event/redelivery.ts'
import { removeEvent } from './event/removal.ts'
import type { RemovalPorts } from './event/removal.ts'
import { explainEvent } from './explain/explain.ts'
import type { Explanation } from './explain/explain.ts'
import { holdEvents, reactions } from './held-events.ts'
import type { LaneHost } from './lane/lane-host.ts'
import { OldestWaiting } from './lane/oldest-waiting.ts'
import { placeInLine } from './lane/place-in-line.ts'
import { Removals } from './lane/removals.ts'
import { windowSizes } from './lane/window-sizes.ts'
import type { LaneWindowSizes } from './lane/window-sizes.ts'
import type { LogHome } from './log/log-home.ts'
import { memoryLog } from './log/memory-log.ts'
import { makeLaneHost } from './make-lane-host.ts'
import { Notices } from './notices/notices.ts'
import type { ServiceEvents, ServiceEventType } from './notices/notices.ts'
import { tellOf } from './notices/lane-notices.ts'
import type { Retention } from './service-limits.ts'
import { resolveServiceOptions } from './service-options.ts'
import type { ServiceSettings, WebhookServiceOptions } from './service-options.ts'
import { describeEndpointStats } from './endpoint-stats.ts'
import type { EndpointStats } from './endpoint-stats.ts'
import { describeService } from './service-stats.ts'
import type { ServiceStats, StatsPorts } from './service-stats.ts'
import { Shutdown } from './shutdown.ts'
import type { ShutdownReport } from './shutdown.ts'
import type { PayloadMap, SubmissionResult, WebhookService } from './webhook-service.ts'

/**
 * A service that delivers webhooks from this process.
 *
 * @throws InvalidOptionError
 */
export function createWebhookService<TPayloads extends object = PayloadMap>(
  options?: WebhookServiceOptions,
): WebhookService<TPayloads> {
  // The payload types are the caller's own statement about what it submits; at run time every payload is unknown.
  return createServiceWith(options, windowSizes) as unknown as WebhookService<TPayloads>
}

/** The same with other windows on what the log keeps on disk. */
export function createServiceWith(options: WebhookServiceOptions | undefined, sizes: LaneWindowSizes): WebhookService {
  return new Service(resolveServiceOptions(options, process.env), sizes)
}

class Service implements WebhookService {
  readonly log: LogHome
  readonly listEvents: WebhookService['listEvents']
  readonly #scheduler: Scheduler
  readonly #readings = new Readings()
  readonly #store: EventStore
  readonly #notices = new Notices()
  readonly #endpoints: EndpointRegistry
  readonly #submissions: Submissions
  readonly #host: LaneHost
  /** All of them, for what concerns several. */
  readonly #parts: Omit<LaneHost, 'log'> & StatsPorts & RemovalPorts
  readonly #shutdown: Shutdown
  readonly #management: EndpointManagement
  readonly #redelivery: Redelivery
  readonly #oldest: OldestWaiting
  readonly #drains = new Drains(this.#readings)
  readonly #retention: Retention

  constructor(settings: ServiceSettings, sizes: LaneWindowSizes) {
    const { clock, limits } = settings
    this.#retention = settings.retention
    this.log = settings.log ?? memoryLog()
    this.log.onListenerError(this.#listenerFailed('log'))
    this.#scheduler = new Scheduler(clock)
    const capacity = new Capacity(limits, this.#readings)
    this.#endpoints = new EndpointRegistry(limits.endpoints)
    const held = holdEvents({
      settings,
      log: this.log,
      scheduler: this.#scheduler,
      readings: this.#readings,
      capacity,
      sizes,
      leftOut: this.#leftOut,
      committed: () => this.#host.turns.look(),
    })
    const { store, windows, retention } = held
    this.#store = store
    this.listEvents = eventListing({ store, log: this.log, beyond: windows })
    this.#host = makeLaneHost({
      settings,
      log: this.log,
      scheduler: this.#scheduler,
      readings: this.#readings,
      windows,
      observer: tellOf(this.#notices, reactions(capacity, retention, this.#drains)),
      inspectFailed: this.#listenerFailed('inspect'),
      quiet: this.#quiet,
    })
    this.#parts = {
      ...this.#host,
      log: this.log,
      store,
      retention,
      readings: this.#readings,
      capacity,
      endpoints: this.#endpoints,
    }
    const admission = new Admission({ ...this.#parts, ids: settings.ids })
    this.#submissions = new Submissions(this.#endpoints, admission, (call) => this.#checkOpen(call))
    this.#oldest = new OldestWaiting(this.#parts)
    this.#redelivery = new Redelivery(this.#parts)
    const removals = new Removals(this.#host, sizes)
    const comeback = held.recover(this.#host, removals)
    const kept = new KeptEndpoints(this.log.storedEndpoints, clock)
    this.#management = new EndpointManagement(settings, this.#endpoints, this.#host, comeback, removals, kept)
    this.#shutdown = new Shutdown({ ...this.#parts, drains: this.#drains })
    this.log.onCondition?.((condition, error) => this.#notices.tell('logConditionChanged', { condition, error }))
    comeback.takeUp(this.log)
    this.#management.comeBack((endpointId, error) => this.#notices.tell('endpointLeftOut', { endpointId, error }))
  }

  registerEndpoint(url: unknown, secret: unknown, options?: unknown): string {
    this.#checkOpen('registerEndpoint')
    const endpointId = this.#management.register(url, secret, options)
    this.#oldest.lookAgainAt(endpointId)
    return endpointId
  }

  submitEvent(endpointId: unknown, eventType: unknown, payload: unknown, options?: unknown): string {
    return this.#submissions.submitEvent(endpointId, eventType, payload, options)
  }

  publishEvent(eventType: unknown, payload: unknown, options?: unknown): string[] {
    return this.#submissions.publishEvent(eventType, payload, options)
  }

  submitEvents(events: unknown): string[] {
    return this.#submissions.submitEvents(events)
  }

  submitEach(events: unknown): SubmissionResult[] {
    return this.#submissions.submitEach(events)
  }

  getEventStatus(eventId: unknown): EventStatus {
    return statusOf(this.#store.get(eventId))
  }

  getDeadLetterEvents(endpointId: unknown): DeadLetterEvent[] {
    const { endpoint } = this.#endpoints.get(endpointId)
    return this.#parts.retention
      .deadLettersOf(endpoint.id)
      .map((record) => describeDeadLetter(record, this.log.entries({ eventId: record.id })))
  }

  getEvent(eventId: unknown): EventDetails {
    const record = this.#store.get(eventId)
    const { ahead } = placeInLine(record, this.#endpoints.find(record.endpointId), this.#host.windows)
    return describeEvent(record, this.log.entries({ eventId: record.id }), ahead, this.#retention)
  }

  explain(eventId: unknown): Explanation {
    const record = this.#store.get(eventId)
    const { phase } = this.#shutdown
    return explainEvent(record, {
      clock: this.#host.clock,
      running: phase === 'running' || phase === 'draining',
      lanes: this.#endpoints.find(record.endpointId),
      rateLimitWaitMs: this.#host.turns.rateLimitWaitMs,
      windows: this.#host.windows,
      logCondition: this.log.condition ?? 'writable',
    })
  }

  redeliver(eventId: unknown): void {
    this.#checkOpen('redeliver')
    const record = this.#store.get(eventId)
    this.#oldest.lookAgainAt(record.endpointId)
    this.#redelivery.redeliver(record)
  }

  redeliverDeadLetters(endpointId: unknown): number {
    this.#checkOpen('redeliverDeadLetters')
    const { endpoint } = this.#endpoints.get(endpointId)
    this.#oldest.lookAgainAt(endpoint.id)
    return this.#redelivery.redeliverAll(this.#parts.retention.deadLettersOf(endpoint.id))
  }

  removeEvent(eventId: unknown): void {
    this.#checkOpen('removeEvent')
    removeEvent(this.#store.get(eventId), this.#parts)
  }

  getEndpoint(endpointId: unknown): EndpointDetails {
    const { endpoint, health } = this.#endpoints.get(endpointId)
    return describeEndpoint(endpoint, health)
  }

  listEndpoints(): EndpointDetails[] {
    return Array.from(this.#endpoints, ({ endpoint, health }) => describeEndpoint(endpoint, health))
  }

  endpointIds(filter?: unknown): string[] {
    return this.#endpoints.ids(readEndpointIdsFilter(filter))
  }

  updateEndpoint(endpointId: unknown, patch: unknown): EndpointDetails {
    this.#checkOpen('updateEndpoint')
    return this.#management.update(endpointId, patch)
  }

  removeEndpoint(endpointId: unknown): void {
    this.#checkOpen('removeEndpoint')
    this.#oldest.lookAgainAt(this.#management.remove(endpointId))
  }

  pauseEndpoint(endpointId: unknown): void {
    this.#checkOpen('pauseEndpoint')
    this.#endpoints.get(endpointId).pause()
  }

  resumeEndpoint(endpointId: unknown): void {
    this.#checkOpen('resumeEndpoint')
    this.#endpoints.get(endpointId).resume()
  }

  rotateSecret(endpointId: unknown, secret: unknown, options?: unknown): void {
    this.#checkOpen('rotateSecret')
    this.#management.rotateSecret(endpointId, secret, options)
  }

  drain(): Promise<void> {
    return this.#drains.wait()
  }

  async flush(): Promise<void> {
    await this.log.flush()
  }

  stats(): ServiceStats {
    return describeService(this.#parts, this.#oldest)
  }

  endpointStats(endpointId: unknown): EndpointStats {
    return describeEndpointStats(this.#endpoints.get(endpointId), this.#parts)
  }

  on<Type extends ServiceEventType>(type: Type, listener: (event: ServiceEvents[Type]) => void): () => void {
    return this.#notices.on(type, listener)
  }

  shutdown(options?: unknown): Promise<ShutdownReport> {
    return this.#shutdown.begin(options)
  }

  /** Before a payload is read, and after: a payload's own code may call the service, and what is checked is to be as it is then. */
  #checkOpen(call: string): void {
    if (this.#shutdown.phase === 'running') return
    throw new ServiceClosedError(`${call}: the service was shut down; nothing was changed`)
  }

  #listenerFailed(where: ServiceEvents['listenerFailed']['where']): (error: unknown) => void {
    return (error) => {
      this.#notices.tell('listenerFailed', { where, error })
    }
  }

  readonly #leftOut = (notice: ServiceEvents['quarantined']): void => {
    this.#notices.tell('quarantined', notice)
    // It may have been the last that a caller waits for.
    this.#drains.settled()
  }

  readonly #quiet = (): void => {
    this.#shutdown.quiet()
  }
}
