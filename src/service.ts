// The composition: a service is its endpoints, lanes, log, limits and ports, put together here and nowhere else.
import { Admission } from './admission/admission.ts'
import { Capacity } from './admission/capacity.ts'
import { checkEventType } from './admission/event-type.ts'
import { serializePayload } from './admission/serialize-payload.ts'
import { resolveSubmitOptions } from './admission/submit-options.ts'
import { isoTime } from './clock/iso-time.ts'
import { Scheduler } from './clock/scheduler.ts'
import { describeEndpoint } from './endpoint/endpoint-details.ts'
import type { EndpointDetails } from './endpoint/endpoint-details.ts'
import { Endpoint } from './endpoint/endpoint.ts'
import { mergeEndpointOptions, resolveEndpointOptions } from './endpoint/endpoint-options.ts'
import { EndpointRegistry } from './endpoint/endpoint-registry.ts'
import { parseEndpointUrl } from './endpoint/endpoint-url.ts'
import { EndpointDisabledError, ServiceClosedError } from './errors/errors.ts'
import { describeDeadLetter } from './event/dead-letter.ts'
import type { DeadLetterEvent } from './event/dead-letter.ts'
import { describeEvent } from './event/event-details.ts'
import type { EventDetails } from './event/event-details.ts'
import type { EventRecord } from './event/event-record.ts'
import { statusOf } from './event/event-status.ts'
import type { EventStatus } from './event/event-status.ts'
import { EventStore } from './event/event-store.ts'
import { Readings } from './event/readings.ts'
import { RetentionKeeper } from './event/retention-keeper.ts'
import { explainEvent } from './explain/explain.ts'
import type { Explanation } from './explain/explain.ts'
import { EndpointLanes } from './lane/endpoint-lanes.ts'
import type { LaneHost } from './lane/lane-host.ts'
import { LiveLanes } from './lane/live-lanes.ts'
import { SequenceMemory } from './lane/sequence-memory.ts'
import { Turns } from './lane/turns.ts'
import { Journal } from './log/journal.ts'
import type { LogHome } from './log/log-home.ts'
import { memoryLog } from './log/memory-log.ts'
import { Notices, serviceEventTypes } from './notices/notices.ts'
import type { ServiceEvents, ServiceEventType } from './notices/notices.ts'
import { tellOf } from './notices/lane-notices.ts'
import { OptionReader } from './options/option-reader.ts'
import { refuseOption } from './options/refuse-option.ts'
import { checkOneOf } from './options/value-checks.ts'
import { policyFor } from './retry/retry-policies.ts'
import { resolveServiceOptions } from './service-options.ts'
import type { ServiceSettings, WebhookServiceOptions } from './service-options.ts'
import type { ServiceStats } from './service-stats.ts'
import { Shutdown } from './shutdown.ts'
import type { ShutdownReport, UndeliveredEvent } from './shutdown.ts'
import { parseSecret } from './signing/secret.ts'
import { createLaneActors } from './statechart/delivery-actor.ts'
import { Outbox } from './statechart/outbox.ts'
import { createUndiciTransport } from './transport/undici-transport.ts'
import type { PayloadMap, WebhookService } from './webhook-service.ts'

const dayMs = 86_400_000

/**
 * A service that delivers webhooks from this process.
 *
 * @throws InvalidOptionError
 */
export function createWebhookService<TPayloads extends object = PayloadMap>(
  options?: WebhookServiceOptions,
): WebhookService<TPayloads> {
  // The payload types are the caller's own statement about what it submits; at run time every payload is unknown.
  return new Service(resolveServiceOptions(options, process.env)) as unknown as WebhookService<TPayloads>
}

class Service implements WebhookService {
  readonly log: LogHome
  readonly #settings: ServiceSettings
  readonly #scheduler: Scheduler
  readonly #readings = new Readings()
  readonly #store = new EventStore()
  readonly #notices = new Notices()
  readonly #sequences: SequenceMemory
  readonly #capacity: Capacity
  readonly #endpoints: EndpointRegistry
  readonly #retention: RetentionKeeper
  readonly #admission: Admission
  readonly #host: LaneHost
  readonly #shutdown: Shutdown
  readonly #drains = new Set<{ resolve: () => void; reject: (error: Error) => void }>()

  constructor(settings: ServiceSettings) {
    const { clock, random, limits, retention, egress } = settings
    this.#settings = settings
    this.log = settings.log ?? memoryLog()
    this.log.onListenerError((error) => {
      this.#notices.tell('listenerFailed', { where: 'log', error })
    })
    this.#scheduler = new Scheduler(clock)
    this.#sequences = new SequenceMemory(limits.orderingKeys)
    this.#capacity = new Capacity(limits, this.#readings)
    this.#endpoints = new EndpointRegistry(limits.endpoints)
    this.#retention = new RetentionKeeper(retention, this.#store, this.log, this.#readings, clock, this.#scheduler)
    const outbox = new Outbox()
    this.#host = {
      clock,
      random,
      scheduler: this.#scheduler,
      log: this.log,
      journal: new Journal(this.log, outbox, this.#readings),
      actors: createLaneActors(outbox, this.#inspector()),
      transport: settings.transport ?? createUndiciTransport({ egress, clock }),
      turns: new Turns(settings.concurrency, this.#quiet),
      liveLanes: new LiveLanes(limits.liveLanes),
      observer: tellOf(this.#notices, { settled: this.#settled, gone: this.#gone }),
      policyFor: ({ settings: own }, eventType) =>
        policyFor(eventType, own.retry, settings.retryPolicies, settings.retry),
      timeoutMsFor: ({ settings: own }) => own.timeoutMs ?? settings.timeoutMs,
    }
    this.#admission = new Admission({ ...this.#host, ids: settings.ids, store: this.#store, capacity: this.#capacity })
    this.#shutdown = new Shutdown(this.#scheduler, {
      stopTurns: this.#stopTurns,
      abortAttempts: this.#abortAttempts,
      close: this.#close,
    })
  }

  registerEndpoint(url: unknown, secret: unknown, options?: unknown): string {
    this.#checkOpen('registerEndpoint')
    const parsedUrl = parseEndpointUrl(url, this.#settings.egress)
    const parsedSecret = parseSecret(secret, 'registerEndpoint')
    const settings = resolveEndpointOptions(options, this.#settings)
    this.#endpoints.checkRoom()
    const endpoint = new Endpoint(this.#settings.ids.endpointId(), parsedUrl, parsedSecret, settings)
    this.#endpoints.add(new EndpointLanes(endpoint, this.#host, this.#sequences))
    return endpoint.id
  }

  submitEvent(endpointId: unknown, eventType: unknown, payload: unknown, options?: unknown): string {
    const submission = this.#read('submitEvent', eventType, payload, options)
    const lanes = this.#endpoints.get(endpointId)
    if (lanes.endpoint.state === 'disabled') {
      throw new EndpointDisabledError(
        `endpoint ${lanes.endpoint.id} is disabled and takes no events; resumeEndpoint enables it again`,
      )
    }
    const [eventId] = this.#admission.admit([lanes], submission)
    return eventId as string // one receiver, one id
  }

  publishEvent(eventType: unknown, payload: unknown, options?: unknown): string[] {
    const submission = this.#read('publishEvent', eventType, payload, options)
    return this.#admission.admit(this.#endpoints.subscribersOf(submission.eventType), submission)
  }

  getEventStatus(eventId: unknown): EventStatus {
    return statusOf(this.#store.get(eventId))
  }

  getDeadLetterEvents(endpointId: unknown): DeadLetterEvent[] {
    const { endpoint } = this.#endpoints.get(endpointId)
    return this.#deadLettersOf(endpoint.id).map((record) =>
      describeDeadLetter(record, this.log.entries({ eventId: record.id })),
    )
  }

  getEvent(eventId: unknown): EventDetails {
    const record = this.#store.get(eventId)
    return describeEvent(record, this.log.entries({ eventId: record.id }))
  }

  explain(eventId: unknown): Explanation {
    const record = this.#store.get(eventId)
    const { phase } = this.#shutdown
    return explainEvent(record, {
      clock: this.#settings.clock,
      running: phase === 'running' || phase === 'draining',
      lanes: this.#endpoints.find(record.endpointId),
    })
  }

  redeliver(eventId: unknown): void {
    this.#checkOpen('redeliver')
    this.#redeliver(this.#store.get(eventId))
  }

  redeliverDeadLetters(endpointId: unknown): number {
    this.#checkOpen('redeliverDeadLetters')
    const { endpoint } = this.#endpoints.get(endpointId)
    const deadLetters = this.#deadLettersOf(endpoint.id)
    this.#capacity.checkRoom(deadLetters.length, bytesOf(deadLetters))
    for (const record of deadLetters) this.#redeliver(record)
    return deadLetters.length
  }

  getEndpoint(endpointId: unknown): EndpointDetails {
    return describeEndpoint(this.#endpoints.get(endpointId).endpoint)
  }

  listEndpoints(): EndpointDetails[] {
    return Array.from(this.#endpoints, ({ endpoint }) => describeEndpoint(endpoint))
  }

  updateEndpoint(endpointId: unknown, patch: unknown): EndpointDetails {
    this.#checkOpen('updateEndpoint')
    const lanes = this.#endpoints.get(endpointId)
    const { endpoint } = lanes
    const settings = mergeEndpointOptions(endpoint.settings, patch, this.#settings)
    if (settings.ordering !== endpoint.settings.ordering) {
      refuseOption(
        'ordering',
        'cannot be changed once events may wait in line; register another endpoint',
        settings.ordering,
      )
    }
    const url = (patch as { url?: unknown }).url
    if (url !== undefined) {
      endpoint.url = parseEndpointUrl(url, this.#settings.egress)
      this.#host.transport.release(endpoint.id)
    }
    this.#endpoints.update(lanes, settings)
    return describeEndpoint(endpoint)
  }

  removeEndpoint(endpointId: unknown): void {
    this.#checkOpen('removeEndpoint')
    const lanes = this.#endpoints.get(endpointId)
    this.#endpoints.remove(lanes)
    lanes.abandonAll({ reason: 'endpoint_removed', message: 'the endpoint was removed', reach: 'notSent' })
    this.#host.transport.release(lanes.endpoint.id)
  }

  pauseEndpoint(endpointId: unknown): void {
    this.#checkOpen('pauseEndpoint')
    this.#endpoints.get(endpointId).hold('paused')
  }

  resumeEndpoint(endpointId: unknown): void {
    this.#checkOpen('resumeEndpoint')
    this.#endpoints.get(endpointId).resume()
  }

  rotateSecret(endpointId: unknown, secret: unknown, options?: unknown): void {
    this.#checkOpen('rotateSecret')
    const { endpoint } = this.#endpoints.get(endpointId)
    const parsedSecret = parseSecret(secret, 'rotateSecret')
    const overlapMs = new OptionReader(options, '', ['overlapMs']).wholeNumber('overlapMs', dayMs, {
      min: 0,
      max: 30 * dayMs,
    })
    const nowMs = this.#settings.clock.now()
    endpoint.rotate(parsedSecret, nowMs, nowMs + overlapMs)
  }

  drain(): Promise<void> {
    if (this.#readings.open === 0) return Promise.resolve()
    const drained = new Promise<void>((resolve, reject) => {
      this.#drains.add({ resolve, reject })
    })
    // A caller that does not wait for it must not die of it when the service is shut down first.
    drained.catch(() => undefined)
    if (this.#shutdown.phase === 'closed') this.#failDrains()
    return drained
  }

  flush(): Promise<void> {
    return this.log.flush()
  }

  stats(): ServiceStats {
    const { turns, liveLanes } = this.#host
    return {
      events: { ...this.#readings.events },
      pendingBytes: this.#capacity.pendingBytes,
      submitted: this.#readings.submitted,
      attempts: this.#readings.attempts,
      endpoints: this.#endpoints.size,
      inFlight: turns.inFlight,
      waitingEndpoints: turns.waiting,
      liveLanes: liveLanes.size,
      durable: this.log.durable,
    }
  }

  on<Type extends ServiceEventType>(type: Type, listener: (event: ServiceEvents[Type]) => void): () => void {
    checkOneOf(type, 'type', serviceEventTypes)
    if (typeof listener !== 'function') refuseOption('listener', 'must be a function', listener)
    return this.#notices.on(type, listener)
  }

  shutdown(options?: unknown): Promise<ShutdownReport> {
    return this.#shutdown.begin(options)
  }

  /** Serialises first: a payload's own code may call the service, and what is checked after must be as it is now. */
  #read(call: string, eventType: unknown, payload: unknown, options: unknown) {
    this.#checkOpen(call)
    const submission = {
      eventType: checkEventType(eventType),
      ...resolveSubmitOptions(options),
      payloadText: serializePayload(payload),
    }
    this.#checkOpen(call)
    return submission
  }

  #checkOpen(call: string): void {
    if (this.#shutdown.phase === 'running') return
    throw new ServiceClosedError(`${call}: the service was shut down; nothing was changed`)
  }

  #deadLettersOf(endpointId: string): EventRecord[] {
    return Array.from(this.#retention.deadLetters).filter((record) => record.endpointId === endpointId)
  }

  #redeliver(record: EventRecord): void {
    const lanes = this.#endpoints.get(record.endpointId)
    const { eventType, orderingKey } = record.submitted.event
    const at = isoTime(this.#settings.clock.now())
    const budget = this.#host.policyFor(lanes.endpoint, eventType).maxAttempts
    const event = { type: 'redelivery.requested', at, budget } as const
    if (record.lane !== null) {
      record.lane.step(record, event)
      return
    }
    this.#capacity.checkRoom(1, record.bodyBytes)
    this.#retention.release(record)
    try {
      lanes.laneOf(record.id, orderingKey).step(record, event)
    } catch (error) {
      this.#retention.keep(record)
      throw error
    }
    this.#capacity.take(record.bodyBytes)
  }

  #inspector() {
    const { inspect } = this.#settings
    if (inspect === null) return null
    return {
      next: (event: Parameters<typeof inspect>[0]) => {
        try {
          inspect(event)
        } catch (error) {
          // Thrown on, it would wedge the actor it looks at.
          this.#notices.tell('listenerFailed', { where: 'inspect', error })
        }
      },
    }
  }

  readonly #settled = (record: EventRecord): void => {
    this.#capacity.giveBack(record.bodyBytes)
    this.#retention.keep(record)
    if (this.#drains.size > 0 && this.#readings.open === 0) {
      for (const { resolve } of this.#drains) resolve()
      this.#drains.clear()
    }
  }

  readonly #gone = (endpoint: Endpoint): void => {
    this.#endpoints.find(endpoint.id)?.hold('disabled')
  }

  readonly #quiet = (): void => {
    this.#shutdown.quiet(this.#scheduler.keepingAlive === 0)
  }

  readonly #stopTurns = (): void => {
    for (const lanes of this.#endpoints) lanes.stop()
    this.#host.turns.close()
  }

  readonly #abortAttempts = (): number => {
    let aborted = 0
    for (const lanes of this.#endpoints) aborted += lanes.abortAttempts()
    return aborted
  }

  readonly #close = async (): Promise<readonly UndeliveredEvent[]> => {
    for (const lanes of this.#endpoints) lanes.rest()
    this.#scheduler.clear()
    this.#failDrains()
    await Promise.all([this.#host.transport.close(), this.log.flush()])
    return Array.from(this.#store)
      .filter((record) => record.lane !== null)
      .map((record) => ({ eventId: record.id, endpointId: record.endpointId, status: record.resting.value }))
  }

  #failDrains(): void {
    for (const { reject } of this.#drains) {
      reject(new ServiceClosedError('drain: the service was shut down before everything had settled'))
    }
    this.#drains.clear()
  }
}

function bytesOf(records: readonly EventRecord[]): number {
  return records.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0)
}
