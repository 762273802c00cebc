// Who may start the next request. Endpoints with something to send stand in one ring; whenever one of the service's
// requests ends, the next endpoint in the ring gets the place, for one attempt. So no endpoint waits behind another's
// backlog, however long that is. And requests in flight are a matter of time: who holds them long may hold fewer, so that
// endpoints that hang leave places to those that answer.
import type { Clock } from '../clock/clock.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import type { RateLimit } from '../endpoint/rate-limit.ts'
import { AttemptsInFlight } from './attempts-in-flight.ts'
import { Exploring } from './exploring.ts'
import { LookAgain } from './look-again.ts'
import { ServiceRateLimit } from './service-rate-limit.ts'
import type { Turn } from './turn.ts'
import { TurnRing } from './turn-ring.ts'
import type { TurnTaker } from './turn-taker.ts'

/** Of the concurrency, the part that only prompt endpoints may use: a sixteenth. */
const promptShare = 16
/** With less concurrency no share is kept: so few requests are soon back, or as soon all held, whatever is kept of them. */
const leastShared = 64

export interface TurnsSettings {
  /** Requests in flight at once, at most. */
  readonly concurrency: number
  /** How long an attempt that hangs holds its place. */
  readonly timeoutMs: number
  /** Null: none. */
  readonly rateLimit: RateLimit | null
}

export class Turns {
  readonly #concurrency: number
  /** How many places endpoints that are not prompt may hold, and how many of them are given out in the ring's order. */
  readonly #notPromptMost: number
  readonly #inOrderMost: number
  readonly #slowMost: number
  readonly #ring = new TurnRing()
  readonly #inFlight = new AttemptsInFlight(this.#ring)
  readonly #exploring: Exploring
  readonly #rateLimit: ServiceRateLimit | null
  readonly #clock: Clock
  readonly #scheduler: Scheduler
  readonly #lookAgain = new LookAgain(this)
  readonly #quiet: () => void
  /** On the monotonic clock, when the look began. Reading it once is enough: a look takes milliseconds. */
  #now = 0
  #explores = false
  #looking = false
  #closed = false

  /** `quiet` is called whenever nothing is in flight and nobody wants a turn. */
  constructor(settings: TurnsSettings, clock: Clock, scheduler: Scheduler, quiet: () => void) {
    const { concurrency, timeoutMs, rateLimit } = settings
    const share = concurrency < leastShared ? 0 : Math.floor(concurrency / promptShare)
    this.#concurrency = concurrency
    this.#notPromptMost = concurrency - share
    this.#inOrderMost = share === 0 ? concurrency : Math.floor(concurrency / 2)
    this.#slowMost = concurrency - 2 * share
    this.#exploring = new Exploring(timeoutMs)
    this.#rateLimit = rateLimit === null ? null : new ServiceRateLimit(rateLimit, clock, scheduler, () => this.look())
    this.#clock = clock
    this.#scheduler = scheduler
    this.#quiet = quiet
  }

  /** Requests in flight, over all endpoints. */
  get inFlight(): number {
    return this.#inFlight.size
  }

  /** Those of them that endpoints hold that are slow. */
  get slowInFlight(): number {
    return this.#inFlight.sizeOf('slow')
  }

  /** Endpoints waiting for a turn. */
  get waiting(): number {
    return this.#ring.size
  }

  /** How long the service's rate limit holds the next request; 0 when it does not. */
  get rateLimitWaitMs(): number {
    return this.#rateLimit?.waitMs ?? 0
  }

  /** How long the service's rate limit has held `taker` while it wanted a turn, over all times so far. */
  heldMs(taker: TurnTaker): number {
    const { limitHeldMs, limitHeldBefore } = taker
    if (this.#rateLimit === null || !taker.inRing) return limitHeldMs
    return limitHeldMs + this.#rateLimit.heldMs - limitHeldBefore
  }

  /** `taker` has something to send. It is asked in its turn, never from inside this call. */
  offer(taker: TurnTaker): void {
    if (!taker.inRing) this.#enter(taker)
    this.look()
  }

  /** An attempt is about to start, in `takeTurn`. Before it does, so that one that ends at once gives back what was taken. */
  begin(turn: Turn): void {
    turn.exploring = this.#explores
    if (this.#explores) this.#exploring.take()
    this.#rateLimit?.take()
    this.#inFlight.begin(turn, this.#now)
  }

  /** The attempt did not start. */
  giveBack(turn: Turn): void {
    if (turn.exploring) this.#exploring.giveBack()
    this.#rateLimit?.giveBack()
    this.#inFlight.giveBack(turn)
  }

  /** An attempt that was started has ended. */
  release(turn: Turn): void {
    this.#inFlight.end(turn, this.#clock.monotonic())
    if (turn.exploring && turn.taker.pace === 'prompt') this.#exploring.giveBack()
    this.look()
  }

  /** No turn is given from now on. */
  close(): void {
    this.#closed = true
    this.look()
  }

  /**
   * Gives what turns there are to give, or finds that all is quiet. In a microtask: callers may be in the middle of a step,
   * and many calls in one tick need one look at the ring.
   */
  look(): void {
    if (this.#looking) return
    this.#looking = true
    queueMicrotask(this.#giveTurns)
  }

  readonly #giveTurns = (): void => {
    this.#looking = false
    this.#now = this.#clock.monotonic()
    this.#inFlight.age(this.#now)
    let taker = this.#next()
    while (taker !== null && !this.#isHeld(taker)) {
      this.#giveTurn(taker)
      taker = this.#next()
    }
    if (taker === null) this.#rateLimit?.letGo()
    if (this.#closed) this.#scheduler.cancel(this.#lookAgain)
    else if (taker === null && this.#ring.size > 0) this.#wakeUp()
    if (this.#inFlight.size === 0 && (this.#closed || this.#ring.size === 0)) this.#quiet()
  }

  /** Whose turn it is: of those that may start, the one that has waited longest. */
  #next(): TurnTaker | null {
    if (this.#closed || this.#inFlight.size >= this.#concurrency) return null
    const notPrompt = this.#inFlight.sizeOf('untried') + this.#inFlight.sizeOf('slow')
    const inOrder = notPrompt < this.#inOrderMost
    const prompt = this.#ring.first('prompt')
    const untried = this.#ring.first('untried')
    let next = prompt
    this.#explores = false
    if (untried !== null && (next === null || untried.ticket < next.ticket)) {
      this.#explores = !inOrder && this.#mayExplore(this.#notPromptMost - notPrompt)
      // Behind a front that is stuck, the newest is as likely to answer as any, and what it has to say is fresh.
      if (inOrder) next = untried
      else if (this.#explores) next = this.#ring.last('untried')
    }
    const slow = this.#ring.first('slow')
    const slowMay = inOrder || (prompt === null && untried === null && this.slowInFlight < this.#slowMost)
    return slow !== null && slowMay && (next === null || slow.ticket < next.ticket) ? slow : next
  }

  #mayExplore(room: number): boolean {
    return room > 0 && this.#exploring.waitMs(room, this.#now) === 0
  }

  /** One that may not start any more (paused, removed) is not held: its turn takes it out of the ring. */
  #isHeld(taker: TurnTaker): boolean {
    const waitMs = this.rateLimitWaitMs
    if (this.#rateLimit === null || waitMs === 0 || !taker.wantsTurn) return false
    this.#rateLimit.hold(waitMs)
    taker.turnHeld(waitMs)
    return true
  }

  #giveTurn(taker: TurnTaker): void {
    this.#rateLimit?.letGo()
    taker.limitHeldMs = this.heldMs(taker)
    this.#ring.leave(taker)
    if (taker.takeTurn() && !taker.inRing) this.#enter(taker)
  }

  #enter(taker: TurnTaker): void {
    if (this.#rateLimit !== null) taker.limitHeldBefore = this.#rateLimit.heldMs
    this.#ring.enter(taker)
  }

  /** Places are free, and those who wait may not have them yet. Time alone may change that. */
  #wakeUp(): void {
    if (this.#inFlight.size >= this.#concurrency) return
    const room = this.#notPromptMost - this.#inFlight.sizeOf('untried') - this.#inFlight.sizeOf('slow')
    const explores = room > 0 && this.#ring.first('untried') !== null
    const waitMs = Math.min(
      this.#inFlight.nextSlowAt - this.#now,
      explores ? this.#exploring.waitMs(room, this.#now) : Infinity,
    )
    if (waitMs === Infinity || (this.#lookAgain.scheduled && this.#lookAgain.dueAt <= this.#now + waitMs)) return
    this.#scheduler.schedule(this.#lookAgain, waitMs)
  }
}
