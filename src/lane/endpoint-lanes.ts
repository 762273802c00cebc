// The lanes of one endpoint: which there are, which are ready, and whether the endpoint may be called at all just now.
import type { Outcome } from '../attempt/outcome.ts'
import { RingQueue } from '../collections/ring-queue.ts'
import type { Endpoint } from '../endpoint/endpoint.ts'
import type { EndpointSettings } from '../endpoint/endpoint-options.ts'
import type { RateLimit } from '../endpoint/rate-limit.ts'
import { EndpointHealth } from '../health/endpoint-health.ts'
import type { FoldedEndpoint } from '../replay/fold-endpoint.ts'
import type { FormerEndpoint } from '../recovery/former-endpoint.ts'
import { EndpointRateLimit } from './endpoint-rate-limit.ts'
import type { EndpointTotals } from './endpoint-totals.ts'
import type { LaneHost } from './lane-host.ts'
import { Lane } from './lane.ts'
import type { SequenceMemory } from './sequence-memory.ts'
import { TurnTaker } from './turn-taker.ts'
import { UnseenLines } from './unseen-lines.ts'

export class EndpointLanes extends TurnTaker {
  readonly endpoint: Endpoint
  readonly health: EndpointHealth
  readonly sinceStart: EndpointTotals = { attempts: 0, delivered: 0, failed: 0, deadLettered: 0 }
  readonly #host: LaneHost
  readonly #lanes = new Map<string, Lane>()
  readonly #ready = new RingQueue<Lane>()
  readonly #sequences: SequenceMemory
  /** Its lines that memory has not come to; null where memory holds all that waits. */
  readonly unseenLines: UnseenLines | null
  #rateLimit: EndpointRateLimit | null = null
  /** How long the limits held it that were replaced. */
  #heldByFormerMs = 0
  /** Whether it is known that a rate limit holds the next attempt. */
  #toldOfLimit = false
  /** The last place given, where the endpoint has one line (or none) for all; null before anyone has asked. */
  #sequence: number | null = null

  constructor(endpoint: Endpoint, host: LaneHost, sequences: SequenceMemory) {
    super()
    this.endpoint = endpoint
    this.#host = host
    this.#sequences = sequences
    this.unseenLines = host.windows === null ? null : new UnseenLines(this, host, host.windows)
    this.#setRateLimit(endpoint.settings.rateLimit)
    this.health = new EndpointHealth(endpoint, host, this.#healthChanged)
  }

  /** How long its own rate limit holds the line; 0 when it does not. */
  get rateLimitWaitMs(): number {
    return this.#rateLimit?.waitMs ?? 0
  }

  /** Whether an attempt could start, but for the rate limit and the service's own concurrency. */
  get mayStart(): boolean {
    if (this.#host.log.condition === 'stopped') return false
    return this.inFlight < this.endpoint.settings.concurrency && this.health.allows(this.inFlight)
  }

  /** Lines in which an attempt could start. */
  get readyLines(): number {
    return this.#ready.size
  }

  /**
   * New settings for the endpoint, and (`moved`) a new URL. What is set anew starts afresh, and health does at a new URL;
   * what is left alone goes on.
   */
  update(settings: EndpointSettings, moved: boolean): void {
    const before = this.endpoint.settings
    this.endpoint.settings = settings
    this.health.settingsChanged(before, moved)
    if (settings.rateLimit !== before.rateLimit) this.#setRateLimit(settings.rateLimit)
    this.wake()
  }

  /** Takes up what it was before a restart. Only before its first event. */
  takeUp({ health, lines, lastSequence, keySequences }: FormerEndpoint): void {
    this.health.takeUp(health)
    this.#sequence = lastSequence
    for (const [laneKey, sequence] of keySequences) this.#sequences.remember(this.endpoint.id, laneKey, sequence)
    for (const line of lines) this.laneAt(line.laneKey).takeUp(line)
    this.wake()
  }

  /** The same where the log's home keeps what waits. */
  takeUpStored(health: FoldedEndpoint, hasBacklog: boolean): void {
    this.health.takeUp(health)
    if (hasBacklog) this.unseenLines?.open()
    this.wake()
  }

  /** Those that memory holds. */
  [Symbol.iterator](): IterableIterator<Lane> {
    return this.#lanes.values()
  }

  find(key: string): Lane | null {
    return this.#lanes.get(key) ?? null
  }

  /** One of its lanes, by the key that `laneKeyOf` gives. */
  laneAt(key: string): Lane {
    let lane = this.#lanes.get(key)
    if (lane === undefined) {
      lane = new Lane(key, this, this.#host)
      if (this.endpoint.settings.ordering === 'key') lane.sequence = this.#sequences.recall(this.endpoint.id, key)
      this.#lanes.set(key, lane)
    }
    return lane
  }

  /** The next place in an event's line. Only for an event that is about to be stored. */
  nextSequence(lane: Lane): number {
    if (this.endpoint.settings.ordering === 'key') return (lane.sequence += 1)
    this.#sequence ??= this.#sequences.recall(this.endpoint.id, '')
    return (this.#sequence += 1)
  }

  /** Takes back a place that was not used after all. When all are back, the lane is to be left. */
  returnSequence(lane: Lane): void {
    if (this.endpoint.settings.ordering === 'key') lane.sequence -= 1
    else this.#sequence = (this.#sequence ?? 0) - 1
  }

  /** No event joins the lane after all. */
  leave(lane: Lane): void {
    if (lane.waiting.size === 0) lane.rest()
  }

  laneReady(lane: Lane): void {
    if (!lane.queued) {
      lane.queued = true
      lane.heldBefore = this.#heldMs
      this.#ready.push(lane)
    }
    this.#offer()
  }

  /** Nothing waits in `lane`. A line of its own is over; others keep their actors until someone needs the memory. */
  laneIdle(lane: Lane): void {
    if (this.endpoint.settings.ordering === 'none' || !lane.live) lane.rest()
  }

  forget(lane: Lane): void {
    if (lane.sequence > 0) this.#sequences.remember(this.endpoint.id, lane.key, lane.sequence)
    this.#lanes.delete(lane.key)
  }

  get wantsTurn(): boolean {
    return this.mayStart && this.#firstReady() !== null
  }

  takeTurn(): boolean {
    if (!this.mayStart) {
      this.#awaitBreaker()
      return false
    }
    const lane = this.#firstReady()
    if (lane === null) return false
    const waitMs = this.rateLimitWaitMs
    if (waitMs > 0) {
      this.#rateLimit?.hold(waitMs)
      this.#held('endpoint', waitMs)
      return false
    }
    this.#start(lane)
    return this.#ready.size > 0
  }

  turnHeld(waitMs: number): void {
    this.#held('service', waitMs)
  }

  /** Null when the attempt says nothing of the endpoint. */
  attemptEnded(lane: Lane, outcome: Outcome | null): void {
    this.#host.turns.release(lane.turn)
    if (outcome !== null) this.health.attemptEnded(outcome)
    this.wake()
  }

  /** Something that held the endpoint back may be gone. */
  wake(): void {
    this.unseenLines?.look()
    if (this.#ready.size > 0 && this.mayStart) return this.#offer()
    if (this.#ready.size > 0) this.#awaitBreaker()
    this.#host.turns.look()
  }

  pause(): void {
    this.health.pause()
  }

  /** Lets paused, disabled and halted lines go on. */
  resume(): void {
    this.health.resume()
    for (const lane of this.#lanes.values()) lane.resume()
    this.wake()
    // Last: when the log refuses one, the endpoint is resumed all the same, and the call can be made again.
    for (const lane of this.#lanes.values()) lane.release()
    this.unseenLines?.release()
  }

  /** The endpoint is removed, and nothing of it is left. */
  letGo(): void {
    this.rest()
    // For whoever is registered under its id again: the receiver goes on counting.
    if (this.#sequence !== null && this.#sequence > 0) this.#sequences.remember(this.endpoint.id, '', this.#sequence)
  }

  /** No lane takes up another event from now on. */
  stop(): void {
    for (const lane of this.#lanes.values()) lane.close()
  }

  abortAttempts(): number {
    let aborted = 0
    for (const lane of this.#lanes.values()) if (lane.abortAttempt()) aborted += 1
    return aborted
  }

  /** Lets go of live actors and of what is scheduled for the endpoint as a whole. */
  rest(): void {
    this.#rateLimit?.letGo()
    this.health.rest()
    this.unseenLines?.rest()
    for (const lane of this.#lanes.values()) lane.rest()
  }

  readonly #healthChanged = (): void => {
    if (this.health.state !== 'active') this.#holdLanes()
    this.wake()
  }

  /** Its lines wait for a person, and for no time that could pass. */
  #holdLanes(): void {
    this.#rateLimit?.letGo()
    this.health.breaker?.awaited(false)
    for (const lane of this.#lanes.values()) lane.pause()
  }

  #awaitBreaker(): void {
    if (this.health.state === 'active') this.health.breaker?.awaited(true)
  }

  /** Another limit from now on, or none. It starts afresh. */
  #setRateLimit(limit: RateLimit | null): void {
    this.#rateLimit?.letGo()
    this.#heldByFormerMs += this.#rateLimit?.heldMs ?? 0
    const { clock, scheduler } = this.#host
    this.#rateLimit = limit === null ? null : new EndpointRateLimit(limit, clock, scheduler, () => this.wake())
  }

  /** While its own rate limit holds it, that will wake it. */
  #offer(): void {
    if (this.#rateLimit?.scheduled !== true) this.#host.turns.offer(this)
  }

  #start(lane: Lane): void {
    this.#leaveReady(lane)
    this.unseenLines?.look()
    this.#toldOfLimit = false
    this.#host.turns.begin(lane.turn)
    const heldMs = Math.max(0, Math.round(this.#heldMs - lane.heldBefore))
    if (lane.startAttempt(heldMs)) this.#rateLimit?.take()
    else this.#host.turns.giveBack(lane.turn)
  }

  /** How long rate limits have held it while it had something to send, over all attempts so far. */
  get #heldMs(): number {
    return this.#heldByFormerMs + (this.#rateLimit?.heldMs ?? 0) + this.#host.turns.heldMs(this)
  }

  /** Told once for each attempt, however often it is held. */
  #held(limit: 'endpoint' | 'service', waitMs: number): void {
    if (this.#toldOfLimit) return
    this.#toldOfLimit = true
    this.#host.observer.rateLimited(this.endpoint, limit, this.#host.clock.now() + waitMs)
  }

  #firstReady(): Lane | null {
    let lane = this.#ready.first
    for (; lane !== undefined && !lane.ready; lane = this.#ready.first) this.#leaveReady(lane)
    return lane ?? null
  }

  /** `lane` is the first of the ready ones. */
  #leaveReady(lane: Lane): void {
    this.#ready.shift()
    lane.queued = false
  }
}
