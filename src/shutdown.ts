// The end of a service: running, then draining (the backlog still goes out), closing (only what is in flight ends), closed.
import type { DeliveryStatus } from '../machines/delivery.ts'
import { Task } from './clock/scheduler.ts'
import type { Scheduler } from './clock/scheduler.ts'
import { OptionReader } from './options/option-reader.ts'

export interface ShutdownOptions {
  /** Deliver the whole backlog first, retries included; lines that are paused, disabled or halted are left. @default false */
  drain?: boolean | undefined
  /**
   * How long to wait, at most; then the requests still in flight are cut off and recorded as interrupted.
   * @default no limit of its own: each request has its deadline. Whole, 0 to 2_592_000_000 (30 days).
   */
  timeoutMs?: number | undefined
}

export interface UndeliveredEvent {
  readonly eventId: string
  readonly endpointId: string
  readonly status: DeliveryStatus
}

export interface ShutdownReport {
  /** What was left, in the order of submission. */
  readonly undelivered: readonly UndeliveredEvent[]
  /** How many requests were cut off because `timeoutMs` had passed. */
  readonly interrupted: number
}

export type ServicePhase = 'running' | 'draining' | 'closing' | 'closed'

/** What a service does at the turns of its end. */
export interface ShutdownSteps {
  /** Gives no more turns and tells the lanes. */
  stopTurns(): void
  /** Cuts off what is in flight; returns how many. */
  abortAttempts(): number
  /** Lets go of everything; resolves with what was left. */
  close(): Promise<readonly UndeliveredEvent[]>
}

const longestTimeoutMs = 2_592_000_000

export class Shutdown extends Task {
  readonly #scheduler: Scheduler
  readonly #steps: ShutdownSteps
  #phase: ServicePhase = 'running'
  #interrupted = 0
  #promise: Promise<ShutdownReport> | null = null
  #finish: () => void = () => undefined

  constructor(scheduler: Scheduler, steps: ShutdownSteps) {
    super()
    this.#scheduler = scheduler
    this.#steps = steps
  }

  get phase(): ServicePhase {
    return this.#phase
  }

  begin(value: unknown): Promise<ShutdownReport> {
    if (this.#promise !== null) return this.#promise
    const reader = new OptionReader(value, '', ['drain', 'timeoutMs'])
    const drain = reader.boolean('drain', false)
    const timeoutMs = reader.wholeNumber('timeoutMs', Infinity, { min: 0, max: longestTimeoutMs })
    this.#promise = new Promise<void>((resolve) => {
      this.#finish = resolve
    }).then(() => this.#report())
    if (timeoutMs !== Infinity) this.#scheduler.schedule(this, timeoutMs)
    this.#phase = drain ? 'draining' : 'closing'
    if (!drain) this.#steps.stopTurns()
    return this.#promise
  }

  /** Nothing is in flight, and nothing waits for a turn; `idle` when nothing is scheduled to want one either. */
  quiet(idle: boolean): void {
    if (this.#phase === 'draining' && idle) {
      this.#phase = 'closing'
      this.#steps.stopTurns()
    }
    if (this.#phase === 'closing') this.#finish()
  }

  /** The time is up. */
  due(): void {
    if (this.#phase === 'draining') this.#steps.stopTurns()
    this.#phase = 'closing'
    this.#interrupted = this.#steps.abortAttempts()
    this.#finish()
  }

  async #report(): Promise<ShutdownReport> {
    this.#phase = 'closed'
    return { undelivered: await this.#steps.close(), interrupted: this.#interrupted }
  }
}
