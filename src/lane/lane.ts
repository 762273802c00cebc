// One line of events, delivered one after the other. A lane takes its head through attempt after attempt until it has
// settled, and then the next. Every change of state goes through its steps: append first, then act.
import type { DeliveryEvent } from '../../machines/delivery.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import { AttemptRunner } from '../attempt/attempt-runner.ts'
import type { AttemptListener } from '../attempt/attempt-runner.ts'
import { processEndedFailure } from '../attempt/failure.ts'
import type { Outcome } from '../attempt/outcome.ts'
import { isoTime } from '../clock/iso-time.ts'
import { msUntil } from '../clock/time-apart.ts'
import { LinkedList } from '../collections/linked-list.ts'
import type { Linked } from '../collections/linked-list.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { FormerLine } from '../recovery/former-endpoint.ts'
import { delayLeftMs } from '../retry/retry-delay.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import type { Intent } from '../statechart/resting-delivery.ts'
import type { EndpointLanes } from './endpoint-lanes.ts'
import type { LaneHost } from './lane-host.ts'
import { LaneSequencer } from './lane-sequencer.ts'
import { LaneSteps } from './lane-steps.ts'
import { LineWindow } from './line-window.ts'
import { Turn } from './turn.ts'
import { WakeUp } from './wake-up.ts'

export class Lane implements Linked<Lane>, AttemptListener {
  // Its place among the live lanes.
  previous: Lane | null = null
  next: Lane | null = null
  /** Whether it stands among its endpoint's ready lanes. The endpoint's own. */
  queued = false
  /** How long rate limits had held its endpoint when its head became ready. The endpoint's own. */
  heldBefore = 0
  /** The last place given in this line. */
  sequence = 0

  readonly key: string
  readonly turn: Turn
  /** The events of this line that are not settled, in order. The first is the head. */
  readonly waiting = new LinkedList<EventRecord>()
  /** Null where memory holds them all; else `waiting` are the first of them. */
  readonly window: LineWindow | null
  readonly #lanes: EndpointLanes
  readonly #host: LaneHost
  readonly #sequencer: LaneSequencer
  readonly #attempts: AttemptRunner
  readonly #wakeUp: WakeUp
  readonly #steps: LaneSteps
  /** The dead letter that holds the line until a person decides. */
  #halted: EventRecord | null = null

  constructor(key: string, lanes: EndpointLanes, host: LaneHost) {
    this.key = key
    this.turn = new Turn(lanes)
    this.#lanes = lanes
    this.#host = host
    const laneId = key === '' ? lanes.endpoint.id : `${lanes.endpoint.id}/${key}`
    this.#sequencer = new LaneSequencer(host.actors, laneId, this.#sequencerDied)
    this.#attempts = new AttemptRunner(lanes.endpoint, host, this)
    this.#wakeUp = new WakeUp(this)
    this.#steps = new LaneSteps(this, this.#sequencer, this.#wakeUp, host)
    this.window = host.windows === null ? null : new LineWindow(this, lanes, host.windows)
  }

  get haltedBy(): EventRecord | null {
    return this.#halted
  }

  /** Whether its head may start an attempt as soon as it gets a turn. */
  get ready(): boolean {
    return this.waiting.size > 0 && !this.#attempts.running && this.#halted === null && !this.#wakeUp.scheduled
  }

  /** Whether it waits for a time: the end of a backoff, or for the log. */
  get asleep(): boolean {
    return this.#wakeUp.scheduled
  }

  /** Whether it holds live actors. */
  get live(): boolean {
    return this.#sequencer.live
  }

  liveStateOf(record: EventRecord): RestingDelivery | null {
    return this.#sequencer.liveStateOf(record)
  }

  /** Puts an event at the end of the line, or back at its front if it is the one that holds it. */
  join(record: EventRecord): void {
    if (record === this.#halted) {
      this.window?.entered(record)
      record.lane = this
      this.waiting.unshift(record)
      return this.#goOn()
    }
    if (this.window?.takes(record) === false) {
      if (this.waiting.size === 0 && this.#halted === null) this.#lanes.laneIdle(this)
      return
    }
    record.lane = this
    this.waiting.push(record)
    if (this.waiting.size === 1 && this.ready) this.#lanes.laneReady(this)
  }

  /** Takes up what waited in this line before a restart. Only while nothing is in it. */
  takeUp({ waiting, haltedBy, headMovedAt, lastSequence }: Omit<FormerLine, 'laneKey'>): void {
    for (const record of waiting) this.#takeIn(record)
    this.#halted = haltedBy
    this.sequence = lastSequence
    const head = this.waiting.first
    const retryAt = head?.resting.context.retryAt ?? null
    if (retryAt !== null) {
      // Never longer than was drawn: the wall clock may have been set back since.
      const drawnMs = msUntil(retryAt, Date.parse(headMovedAt))
      this.#sleep(Math.min(drawnMs, msUntil(retryAt, this.#host.clock.now())))
    }
    if (head?.resting.value === 'delivering') this.#interrupted(head)
    else if (this.ready) this.#lanes.laneReady(this)
  }

  /** Takes in more of its events from the log's home, behind those it has. */
  takeIn(records: readonly EventRecord[]): void {
    for (const record of records) this.#takeIn(record)
    if (this.ready) this.#lanes.laneReady(this)
  }

  /** Lets the line go on past the dead letter that held it. Throws what the log throws, and changes nothing then. */
  release(): void {
    if (this.#halted === null) return
    this.#steps.take(this.#halted, { type: 'line.released', at: isoTime(this.#host.clock.now()) })
  }

  /**
   * Starts the head's next attempt, which rate limits have held for `rateLimitedMs`. False when it could not be started;
   * the lane sees to itself then.
   */
  startAttempt(rateLimitedMs: number): boolean {
    const record = this.waiting.first
    if (record === null) return false
    const delivery = this.#sequencer.arrive(record)
    this.#host.liveLanes.used(this)
    if (delivery === null) {
      this.#steps.quarantine(record, new Error('the sequencer did not take the head of the line'))
      return false
    }
    const { attempts } = delivery.getSnapshot().context
    const at = isoTime(this.#host.clock.now())
    const event = { type: 'attempt.started', attempt: attempts + 1, at } as const
    const started = this.#steps.takeOrPutOff(record, rateLimitedMs > 0 ? { ...event, rateLimitedMs } : event)
    // Neither started, nor put off, nor stopped: left alone, it would hold the line for ever.
    const stuck = !started && record.lane === this && this.ready
    if (stuck) this.#steps.quarantine(record, new Error('its attempt cannot start'))
    return started
  }

  /**
   * One step of an event of this line: appended, then carried out. False when its state takes no notice of `event`.
   * When the log does not take it, the step is taken back and this throws what the log threw.
   */
  step(record: EventRecord, event: DeliveryEvent): boolean {
    return this.#steps.take(record, event)
  }

  attemptEnded(record: EventRecord, event: DeliveryEvent, outcome: Outcome): void {
    this.#steps.takeOrPutOff(record, event)
    this.#lanes.attemptEnded(this, outcome)
  }

  attemptBroken(record: EventRecord, error: unknown): void {
    this.#steps.stop(record, error)
    this.#lanes.attemptEnded(this, null)
  }

  /** Cuts off the request in flight, without blame. Returns whether there was one. */
  abortAttempt(): boolean {
    return this.#attempts.abort()
  }

  pause(): void {
    this.#sequencer.pause()
    // Its backoff goes on, but nobody waits for its end. What the log is owed is still to be offered.
    if (!this.#steps.owes) this.#host.scheduler.setKeepsAlive(this.#wakeUp, false)
  }

  resume(): void {
    this.#sequencer.resume()
    this.#host.scheduler.setKeepsAlive(this.#wakeUp, true)
  }

  close(): void {
    this.#sequencer.close()
    this.#attempts.abortUnsent()
  }

  /** Lets go of its live actors, unless a request is in flight. Returns whether it did. */
  rest(): boolean {
    if (this.#attempts.running) return false
    this.#sequencer.rest()
    this.#host.liveLanes.remove(this)
    if (this.waiting.size > 0 || this.#halted !== null) return true
    if (this.window?.hasMore !== true || this.#lanes.health.removed) this.#lanes.forget(this)
    return true
  }

  /** A backoff has elapsed, or the log is to be offered again what it did not take. */
  wake(): void {
    if (!this.#steps.offerAgain(this.waiting.first) && this.ready) this.#lanes.laneReady(this)
    // Also when nothing follows: a shutdown that drains may have waited for just this.
    this.#host.turns.look()
  }

  /** Does what a step asks for. Only its steps call this, when the step is in the log. */
  carryOut(intent: Intent, record: EventRecord, at: string): void {
    switch (intent.type) {
      case 'sendRequest':
        this.#lanes.sinceStart.attempts += 1
        this.#attempts.start(record, intent.params.attempt)
        return
      case 'startTimer':
        this.#sleep(delayLeftMs(intent.params.retryAt, at, this.#host.clock.now()))
        return
      case 'cancelTimer':
        this.#host.scheduler.cancel(this.#wakeUp)
        return
      case 'joinLine':
        if (!this.waiting.has(record)) this.join(record)
        else if (this.ready) this.#lanes.laneReady(this)
        return
      case 'releaseLine':
        this.#goOn()
        this.#host.observer.released(record)
        return
      case 'settle':
        this.#settle(record)
        return
    }
  }

  #takeIn(record: EventRecord): void {
    record.lane = this
    this.window?.entered(record)
    this.waiting.push(record)
  }

  /** The process that sent its request is no more. */
  #interrupted(head: EventRecord): void {
    const { attempts } = head.resting.context
    const event = { type: 'attempt.interrupted', attempt: attempts, at: isoTime(this.#host.clock.now()) } as const
    this.#steps.takeOrPutOff(head, { ...event, failure: processEndedFailure, durationMs: 0 })
  }

  #sleep(durationMs: number): void {
    this.#host.scheduler.setKeepsAlive(this.#wakeUp, this.#lanes.health.state === 'active')
    this.#host.scheduler.schedule(this.#wakeUp, durationMs)
  }

  #settle(record: EventRecord): void {
    const live = this.#sequencer.liveStateOf(record)
    if (live !== null) record.rest(live)
    if (record === this.waiting.first) {
      this.#host.scheduler.cancel(this.#wakeUp)
      this.#steps.forgetOwed()
    }
    this.waiting.remove(record)
    record.lane = null
    this.window?.left()
    const { value, context } = record.resting
    if (isSettled(value)) this.#lanes.sinceStart[value] += 1
    const halts = context.holdsLine
    if (halts) this.#halted = record
    if (live !== null) {
      if (halts) this.#sequencer.exhausted()
      else this.#sequencer.settled(this.waiting.first)
    }
    this.#host.observer.settled(record, halts)
    if (halts) this.#host.observer.halted(record)
    if (this.waiting.size === 0) this.#lanes.laneIdle(this)
    else if (this.ready) this.#lanes.laneReady(this)
  }

  #goOn(): void {
    this.#halted = null
    this.#sequencer.resume()
    if (this.waiting.size === 0) this.window?.takeIn()
    if (this.waiting.size === 0) this.#lanes.laneIdle(this)
    else if (this.ready) this.#lanes.laneReady(this)
  }

  readonly #sequencerDied = (error: unknown): void => {
    this.#host.liveLanes.remove(this)
    const record = this.waiting.first
    if (record !== null) this.#steps.quarantine(record, error)
  }
}
