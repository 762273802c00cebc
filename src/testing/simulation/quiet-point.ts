// What is looked at whenever nothing more happens without time passing: the service against its log, its bounds, and
// whether everything that may go out does.
import type { FoldedEndpoint } from '../../replay/fold-endpoint.ts'
import type { ServiceSettings } from '../../service-options.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { isSettled } from '../../statechart/resting-delivery.ts'
import { explained } from './called-service.ts'
import type { RunningService } from './called-service.ts'
import type { EventHistory, History } from './history.ts'
import type { Line, Lines } from './lines.ts'
import type { PlacedLog } from './placed-log.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedEndpoint } from './simulated-endpoint.ts'

/** The log is offered again after a second what it refused, so after two nothing may wait for it. */
const promptMs = 2000

/** A log in a place of its own looks for what grew too old every ten seconds. */
const sweptMs = 15_000

const foldRule = 'the log folds to the live state'
const boundsRule = 'every bound holds'
const promptRule = 'what may go out goes out'

export class QuietPoints {
  readonly #clock: SimulatedClock
  readonly #history: History
  readonly #lines: Lines
  readonly #settings: ServiceSettings
  readonly #placed: PlacedLog | null
  #read = 0
  /** Since when the head of a line may start and has not; by event. */
  #mayStartSince = new Map<EventHistory, number>()
  #seenRefused = 0
  #refusedAtMs = -Infinity
  #seenLife = 0
  #livesSinceMs = 0

  constructor(
    clock: SimulatedClock,
    history: History,
    lines: Lines,
    settings: ServiceSettings,
    placed: PlacedLog | null,
  ) {
    this.#clock = clock
    this.#history = history
    this.#lines = lines
    this.#settings = settings
    this.#placed = placed
  }

  look(running: RunningService, endpoints: readonly SimulatedEndpoint[]): void {
    const { service } = running
    const { faults, life } = this.#history
    const { elapsedMs } = this.#clock
    const isWritable = this.#placed?.writable ?? true
    if (faults.appendFailures !== this.#seenRefused || !isWritable) this.#refusedAtMs = elapsedMs
    if (life !== this.#seenLife) {
      this.#livesSinceMs = elapsedMs
      // A crash may have taken records that were read.
      this.#read = 0
    }
    this.#seenRefused = faults.appendFailures
    this.#seenLife = life
    const touched = this.#follow()
    for (const event of touched) if (event.evictedTick === null) this.#compare(service, event)
    if (touched.size > 0) this.#countEvents(service)
    for (const endpoint of endpoints) if (this.#isRegistered(endpoint)) this.#compareEndpoint(service, endpoint)
    const isSteady = elapsedMs - this.#refusedAtMs > promptMs && elapsedMs - this.#livesSinceMs > promptMs
    if (isSteady && !running.closing) this.#seePromptness(running)
    else this.#mayStartSince.clear()
  }

  /** Everything in the log, compared with the service once more. */
  lookAtAll({ service }: RunningService): void {
    for (const event of this.#history.events.values()) if (event.evictedTick === null) this.#compare(service, event)
  }

  /** The events with records that were not read yet. */
  #follow(): Set<EventHistory> {
    const { records, events } = this.#history
    const touched = new Set<EventHistory>()
    for (; this.#read < records.length; this.#read += 1) {
      const event = events.get(records[this.#read]?.record.eventId ?? '')
      if (event !== undefined) touched.add(event)
    }
    return touched
  }

  #compare(service: WebhookService, { eventId, state }: EventHistory): void {
    let live: string
    try {
      const { status, attempts, lastError, deliveredAt } = service.getEventStatus(eventId)
      live = JSON.stringify([status, attempts, lastError, deliveredAt])
    } catch (error) {
      live = String(error)
    }
    const { attempts, lastError, deliveredAt } = state.context
    const folded = JSON.stringify([state.value, attempts, lastError, deliveredAt])
    if (live === folded) return
    this.#history.found(foldRule, { message: `${eventId} is ${live}, and its log says ${folded}`, eventId })
  }

  #compareEndpoint(service: WebhookService, endpoint: SimulatedEndpoint): void {
    // A step that the log refused is taken when it takes it; until then the service may know more.
    if (this.#clock.elapsedMs - this.#refusedAtMs <= promptMs) return
    const { state, health } = service.getEndpoint(endpoint.id)
    const folded = this.#history.folded.get(endpoint.id)
    const says = shownState(folded)
    if (state !== says) {
      this.#history.found(foldRule, { message: `${endpoint.id} is ${state}, and its log says ${says}` })
    }
    const breaker = folded?.breaker?.value ?? 'closed'
    if (health.breaker !== null && health.breaker.state !== breaker) {
      const message = `the breaker of ${endpoint.id} is ${health.breaker.state}, and its log says ${breaker}`
      this.#history.found(foldRule, { message })
    }
  }

  #countEvents(service: WebhookService): void {
    const { limits, retention } = this.#settings
    const { events, pendingBytes, inFlight, liveLanes } = service.stats()
    const counted = { open: 0, openBytes: 0, settled: 0, deadLetters: 0, letThrough: 0, letThroughBytes: 0 }
    for (const event of this.#history.events.values()) {
      if (event.evictedTick !== null) continue
      const { value } = event.state
      this.#checkAge(event)
      if (value === 'delivered' || value === 'failed') counted.settled += 1
      else if (value === 'deadLettered') counted.deadLetters += this.#lines.of(event).heldBy === event ? 0 : 1
      else {
        counted.open += 1
        counted.openBytes += event.bodyBytes
        if (this.#lines.isLetThrough(event)) {
          counted.letThrough += 1
          counted.letThroughBytes += event.bodyBytes
        }
      }
    }
    const open = events.pending + events.delivering + events.backoff
    const bounds = [
      ['events not settled', counted.open - counted.letThrough, limits.pendingEvents],
      ['bytes of events not settled', counted.openBytes - counted.letThroughBytes, limits.pendingBytes],
      // A log in a place of its own forgets a little later, in small steps.
      ['settled events', this.#placed === null ? counted.settled : 0, retention.settledEvents],
      ['dead letters', this.#placed === null ? counted.deadLetters : 0, retention.deadLetters],
      ['requests in flight', inFlight, this.#settings.concurrency],
      ['live lines without one', liveLanes - inFlight, limits.liveLanes],
    ] as const
    for (const [what, count, limit] of bounds) {
      if (count > limit) this.#history.found(boundsRule, { message: `${count} ${what}, and the limit is ${limit}` })
    }
    if (open !== counted.open || pendingBytes !== counted.openBytes) {
      const message = `stats count ${open} open events of ${pendingBytes} bytes; the log has ${counted.open} of ${counted.openBytes}`
      this.#history.found(foldRule, { message })
    }
  }

  /** Only where its age is certain: by the wall clock, after a restart, it may be younger. */
  #checkAge(event: EventHistory): void {
    const { eventId, state, records } = event
    const { clockJumps, appendFailures } = this.#history.faults
    if (clockJumps + appendFailures > 0 || !isSettled(state.value) || this.#lines.of(event).heldBy === event) return
    const { elapsedMs } = this.#clock
    const lateMs = this.#placed === null ? promptMs : sweptMs
    // A process that has just started is about to forget what grew too old while none ran.
    if (elapsedMs - this.#livesSinceMs <= lateMs || elapsedMs - this.#refusedAtMs <= lateMs) return
    const ageMs = elapsedMs - (records.at(-1)?.elapsedMs ?? Infinity)
    const { retention } = this.#settings
    const longestMs = state.value === 'deadLettered' ? retention.deadLetterAgeMs : retention.ageMs
    if (ageMs <= longestMs + lateMs) return
    this.#history.found(boundsRule, { message: `${eventId} is kept ${ageMs} ms after it settled`, eventId })
  }

  /** Also proves that endpoints do not hold each other back: whoever waits for another's answer is not prompt. */
  #seePromptness(running: RunningService): void {
    const { elapsedMs } = this.#clock
    const before = this.#mayStartSince
    this.#mayStartSince = new Map()
    if (this.#settings.rateLimit !== null || running.service.stats().inFlight >= this.#settings.concurrency) return
    for (const line of this.#lines.all()) {
      const [head] = line.waiting
      if (head === undefined || !this.#mayStart(line, head)) continue
      const sinceMs = before.get(head) ?? elapsedMs
      this.#mayStartSince.set(head, sinceMs)
      if (elapsedMs - sinceMs <= promptMs) continue
      this.#mayStartSince.set(head, Infinity)
      const { eventId } = head
      const message = `${eventId} could have started ${elapsedMs - sinceMs} ms ago, and has not: ${explained(running, eventId)}`
      this.#history.found(promptRule, { message, eventId })
    }
  }

  #mayStart({ endpoint, heldBy }: Line, head: EventHistory): boolean {
    const { settings } = endpoint
    const folded = this.#history.folded.get(endpoint.id)
    const isFree = heldBy === null && this.#isRegistered(endpoint) && settings.rateLimit === null
    if (!isFree || shownState(folded) !== 'active' || (folded?.breaker?.value ?? 'closed') !== 'closed') return false
    if (head.state.value === 'delivering' || this.#openAt(endpoint) >= settings.concurrency) return false
    const last = head.records.at(-1)
    if (head.state.value === 'pending' || last?.record.event.type !== 'attempt.failed') return true
    // Another process goes by the wall clock of its start, whatever jumps came before and after.
    if (last.life !== this.#history.life && this.#history.faults.clockJumps > 0) return false
    const { at, retryAt } = last.record.event
    const delayMs = Date.parse(retryAt) - Date.parse(at)
    return this.#clock.elapsedMs >= last.elapsedMs + delayMs && this.#clock.wallMs >= Date.parse(retryAt)
  }

  #isRegistered({ removed, registeredLife }: SimulatedEndpoint): boolean {
    return !removed && registeredLife === this.#history.life
  }

  #openAt(endpoint: SimulatedEndpoint): number {
    let open = 0
    for (const line of this.#lines.all()) {
      if (line.endpoint === endpoint && line.waiting[0]?.state.value === 'delivering') open += 1
    }
    return open
  }
}

/** An endpoint's folded state, as the service shows it. */
function shownState(folded: FoldedEndpoint | undefined): 'active' | 'paused' | 'disabled' {
  const value = folded?.endpoint?.value ?? 'active'
  if (value === 'paused') return 'paused'
  return value === 'disabled' || value === 'removed' ? 'disabled' : 'active'
}
