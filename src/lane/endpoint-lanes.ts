// The lanes of one endpoint: which there are, which are ready, and whether the endpoint may be called at all just now.
import type { Failure } from '../attempt/failure.ts'
import type { Outcome } from '../attempt/outcome.ts'
import { Task } from '../clock/scheduler.ts'
import { RingQueue } from '../collections/ring-queue.ts'
import type { Endpoint } from '../endpoint/endpoint.ts'
import type { EndpointSettings } from '../endpoint/endpoint-options.ts'
import { TokenBucket } from '../endpoint/token-bucket.ts'
import { EndpointHealth } from '../health/endpoint-health.ts'
import type { LaneHost } from './lane-host.ts'
import { Lane } from './lane.ts'
import type { SequenceMemory } from './sequence-memory.ts'
import type { TurnTaker } from './turns.ts'

const noTurn = { started: false, more: false } as const

export class EndpointLanes implements TurnTaker {
  inRing = false
  readonly endpoint: Endpoint
  readonly health: EndpointHealth
  readonly #host: LaneHost
  readonly #lanes = new Map<string, Lane>()
  readonly #ready = new RingQueue<Lane>()
  readonly #sequences: SequenceMemory
  readonly #nextToken: NextToken
  #bucket: TokenBucket | null = null
  #inFlight = 0
  /** The last place given, where the endpoint has one line (or none) for all. */
  #sequence = 0

  constructor(endpoint: Endpoint, host: LaneHost, sequences: SequenceMemory) {
    this.endpoint = endpoint
    this.#host = host
    this.#sequences = sequences
    this.#nextToken = new NextToken(this)
    this.health = new EndpointHealth(endpoint, host, this.#healthChanged)
    this.#startBucket()
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** How long the rate limit holds the line; 0 when it does not. */
  get rateLimitWaitMs(): number {
    return this.#bucket?.waitMs ?? 0
  }

  /** Whether an attempt could start, but for the rate limit and the service's own concurrency. */
  get mayStart(): boolean {
    return this.#inFlight < this.endpoint.settings.concurrency && this.health.allows(this.#inFlight)
  }

  /**
   * New settings for the endpoint, and (`moved`) a new URL. What is set anew starts afresh, and health does at a new URL;
   * what is left alone goes on.
   */
  update(settings: EndpointSettings, moved: boolean): void {
    const before = this.endpoint.settings
    this.endpoint.settings = settings
    this.health.settingsChanged(before, moved)
    if (settings.rateLimit !== before.rateLimit) this.#startBucket()
    this.wake()
  }

  /** The lane of an event: one for all, one per ordering key, or one of its own. */
  laneOf(eventId: string, orderingKey: string | null): Lane {
    const key = this.#laneKey(eventId, orderingKey)
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
    return (this.#sequence += 1)
  }

  /** Takes back a place that was not used after all. */
  returnSequence(lane: Lane): void {
    if (this.endpoint.settings.ordering === 'key') lane.sequence -= 1
    else this.#sequence -= 1
    if (lane.waiting.size === 0) lane.rest()
  }

  laneReady(lane: Lane): void {
    if (!lane.queued) {
      lane.queued = true
      this.#ready.push(lane)
    }
    this.#host.turns.offer(this)
  }

  /** Nothing waits in `lane`. A line of its own is over; others keep their actors until someone needs the memory. */
  laneIdle(lane: Lane): void {
    if (this.endpoint.settings.ordering === 'none' || !lane.live) lane.rest()
  }

  forget(lane: Lane): void {
    if (lane.sequence > 0) this.#sequences.remember(this.endpoint.id, lane.key, lane.sequence)
    this.#lanes.delete(lane.key)
  }

  takeTurn(): { readonly started: boolean; readonly more: boolean } {
    if (!this.mayStart) {
      this.health.breaker?.awaited()
      return noTurn
    }
    const lane = this.#nextReady()
    if (lane === null) return noTurn
    if (this.#bucket !== null && !this.#bucket.take()) {
      lane.queued = true
      this.#ready.push(lane)
      this.#host.scheduler.schedule(this.#nextToken, this.#bucket.waitMs)
      return noTurn
    }
    // Counted before it starts, so that an attempt that ends at once gives back what was taken.
    this.#inFlight += 1
    const started = lane.startAttempt()
    if (!started) this.#inFlight -= 1
    return { started, more: this.#ready.size > 0 }
  }

  /** Null when the attempt says nothing of the endpoint. */
  attemptEnded(outcome: Outcome | null): void {
    this.#inFlight -= 1
    this.#host.turns.release()
    if (outcome !== null) this.health.attemptEnded(outcome)
    this.wake()
  }

  /** Something that held the endpoint back may be gone. */
  wake(): void {
    if (this.#ready.size > 0 && this.mayStart) return this.#host.turns.offer(this)
    if (this.#ready.size > 0) this.health.breaker?.awaited()
    this.#host.turns.look()
  }

  /** No attempt starts until `resume`. */
  pause(): void {
    this.health.pause()
  }

  /** Lets paused, disabled and halted lines go on. */
  resume(): void {
    this.health.resume()
    for (const lane of this.#lanes.values()) {
      lane.resume()
      lane.release()
    }
    this.wake()
  }

  /** Settles everything that waits as failed, and lets go of everything. */
  abandonAll(failure: Failure): void {
    this.health.remove()
    for (const lane of this.#lanes.values()) lane.abandonAll(failure)
    this.rest()
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
    this.#host.scheduler.cancel(this.#nextToken)
    this.health.rest()
    for (const lane of this.#lanes.values()) lane.rest()
  }

  readonly #healthChanged = (): void => {
    if (this.health.state !== 'active') for (const lane of this.#lanes.values()) lane.pause()
    this.wake()
  }

  #startBucket(): void {
    const { rateLimit } = this.endpoint.settings
    this.#bucket = rateLimit === null ? null : new TokenBucket(rateLimit, this.#host.clock)
  }

  #nextReady(): Lane | null {
    for (let lane = this.#ready.shift(); lane !== undefined; lane = this.#ready.shift()) {
      lane.queued = false
      if (lane.ready) return lane
    }
    return null
  }

  #laneKey(eventId: string, orderingKey: string | null): string {
    switch (this.endpoint.settings.ordering) {
      case 'fifo':
        return ''
      case 'key':
        return orderingKey ?? ''
      case 'none':
        return eventId
    }
  }
}

/** When the rate limit lets the next request go. */
class NextToken extends Task {
  readonly #lanes: EndpointLanes

  constructor(lanes: EndpointLanes) {
    super()
    this.#lanes = lanes
  }

  due(): void {
    this.#lanes.wake()
  }
}
