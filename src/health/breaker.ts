import type { BreakerEvent, BreakerState } from '../../machines/breaker.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import { Task } from '../clock/scheduler.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import { msUntil } from '../clock/time-apart.ts'
import type { BreakerSettings } from './breaker-settings.ts'
import { breakerChart } from './charts.ts'
import type { RestingBreaker } from './charts.ts'

/** Who owns a breaker. */
export interface BreakerOwner {
  /** Something happened to `breaker`: it is to `step`, now or once the log can take it. */
  happened(breaker: Breaker, event: BreakerEvent): void
  /** Records a step; throws when the log refuses, and the step is not taken then. */
  record(event: BreakerEvent, from: BreakerState, to: BreakerState): void
}

/**
 * An endpoint's breaker at work: `machines/breaker.ts`, stepped by the endpoint's answers and by the end of its cooldown.
 * While open it holds the line without using up anyone's attempts; half open it lets the real head of the line probe.
 */
export class Breaker extends Task {
  /** Only while an event waits for the end of the cooldown: an idle endpoint's keeps no process alive. */
  override keepsAlive = false
  readonly #settings: BreakerSettings
  readonly #clock: Clock
  readonly #scheduler: Scheduler
  readonly #owner: BreakerOwner
  #resting: RestingBreaker = breakerChart.initial
  #failures = 0

  constructor(settings: BreakerSettings, clock: Clock, scheduler: Scheduler, owner: BreakerOwner) {
    super()
    this.#settings = settings
    this.#clock = clock
    this.#scheduler = scheduler
    this.#owner = owner
  }

  get state(): BreakerState {
    return this.#resting.value
  }

  /** When a probe may go out; null unless open. */
  get reopensAt(): string | null {
    return this.#resting.context.reopensAt
  }

  /** Failed attempts in a row, up to now. */
  get failures(): number {
    return this.#failures
  }

  /** Takes up the state it was in before a restart: what is left of its cooldown goes on. */
  takeUp(resting: RestingBreaker): void {
    const { failures, reopensAt } = resting.context
    this.#resting = resting
    this.#failures = failures
    if (resting.value !== 'open') return
    // A damaged log may not say until when; nobody else would ever close it.
    this.#scheduler.schedule(this, Math.min(this.#settings.cooldownMs, msUntil(reopensAt ?? '', this.#clock.now())))
  }

  /** Whether an attempt may start, with `inFlight` others under way: any number, none, or one probe. */
  allows(inFlight: number): boolean {
    return this.state === 'closed' || (this.state === 'halfOpen' && inFlight === 0)
  }

  succeeded(): void {
    this.#failures = 0
    if (this.state === 'halfOpen') this.#owner.happened(this, { type: 'probe.succeeded', at: this.#now(0) })
  }

  failed(): void {
    const { failures: threshold, cooldownMs } = this.#settings
    const failures = (this.#failures += 1)
    const type = this.state === 'halfOpen' ? 'probe.failed' : 'threshold.reached'
    if (this.state === 'open' || (this.state === 'closed' && failures < threshold)) return
    this.#owner.happened(this, { type, at: this.#now(0), failures, reopensAt: this.#now(cooldownMs) })
  }

  /** The endpoint was changed. Also said of one that is closed: a step that opens it may wait for the log. */
  reset(): void {
    this.#failures = 0
    this.#owner.happened(this, { type: 'breaker.reset', at: this.#now(0) })
  }

  /** The cooldown is over. */
  due(): void {
    this.#owner.happened(this, { type: 'cooldown.elapsed', at: this.#now(0) })
  }

  /** Whether an event waits for the end of the cooldown: the process stays alive until then. */
  awaited(isAwaited: boolean): void {
    if (this.scheduled) this.#scheduler.setKeepsAlive(this, isAwaited)
  }

  /** Takes the step, if the log does. Returns whether it changed anything. */
  step(event: BreakerEvent): boolean {
    const after = breakerChart.step(this.#resting, event)
    if (after === null) return false
    this.#owner.record(event, this.#resting.value, after.value)
    this.#resting = after
    this.#scheduler.cancel(this)
    this.keepsAlive = false
    if (after.value === 'open') this.#scheduler.schedule(this, this.#settings.cooldownMs)
    return true
  }

  #now(laterMs: number): string {
    return isoTime(this.#clock.now() + laterMs)
  }
}
