import type { SnapshotFrom } from 'xstate'
import { breakerMachine } from '../../machines/breaker.ts'
import type { BreakerEvent, BreakerState } from '../../machines/breaker.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import { Task } from '../clock/scheduler.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import { createInertScope } from '../statechart/inert-scope.ts'
import type { BreakerSettings } from './breaker-settings.ts'

type BreakerSnapshot = SnapshotFrom<typeof breakerMachine>

/** Hears of a breaker's changes of state. */
export interface BreakerObserver {
  breakerChanged(state: BreakerState, reopensAt: string | null): void
}

/**
 * An endpoint's breaker at work: `machines/breaker.ts`, stepped by the endpoint's answers and by the end of its cooldown.
 * While open it holds the line without using up anyone's attempts; half open it lets the real head of the line probe.
 */
export class Breaker extends Task {
  readonly #settings: BreakerSettings
  readonly #clock: Clock
  readonly #scheduler: Scheduler
  readonly #observer: BreakerObserver
  readonly #scope = createInertScope<BreakerSnapshot, BreakerEvent>().scope
  #snapshot: BreakerSnapshot

  constructor(settings: BreakerSettings, clock: Clock, scheduler: Scheduler, observer: BreakerObserver) {
    super()
    this.#settings = settings
    this.#clock = clock
    this.#scheduler = scheduler
    this.#observer = observer
    this.#snapshot = breakerMachine.getInitialSnapshot(this.#scope, { threshold: settings.failures })
  }

  get state(): BreakerState {
    return this.#snapshot.value
  }

  /** When a probe may go out; null unless open. */
  get reopensAt(): string | null {
    return this.#snapshot.context.reopensAt
  }

  /** Whether an attempt may start, with `inFlight` others under way: any number, none, or one probe. */
  allows(inFlight: number): boolean {
    return this.state === 'closed' || (this.state === 'halfOpen' && inFlight === 0)
  }

  succeeded(): void {
    if (this.state === 'closed' && this.#snapshot.context.failures === 0) return
    this.#step({ type: 'attempt.succeeded' })
  }

  failed(): void {
    const cooldownEndsAt = isoTime(this.#clock.now() + this.#settings.cooldownMs)
    this.#step({ type: 'attempt.failed', cooldownEndsAt })
  }

  /** The cooldown is over. */
  due(): void {
    this.#step({ type: 'cooldown.elapsed' })
  }

  #step(event: BreakerEvent): void {
    const before = this.state
    this.#snapshot = breakerMachine.transition(this.#snapshot, event, this.#scope)
    if (this.state === before) return
    if (this.state === 'open') this.#scheduler.schedule(this, this.#settings.cooldownMs)
    else this.#scheduler.cancel(this)
    this.#observer.breakerChanged(this.state, this.reopensAt)
  }
}
