// One endpoint's health: whether it is in use (`machines/endpoint.ts`), and whether its breaker lets attempts through
// (`machines/breaker.ts`). Judges from what attempts came to. Every step is recorded before it is taken.
import type { BreakerEvent, BreakerState } from '../../machines/breaker.ts'
import type { DisableReason, EndpointEvent } from '../../machines/endpoint.ts'
import type { Outcome } from '../attempt/outcome.ts'
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import { msSince, msUntil } from '../clock/time-apart.ts'
import type { Endpoint } from '../endpoint/endpoint.ts'
import type { EndpointSettings } from '../endpoint/endpoint-options.ts'
import type { FoldedEndpoint } from '../replay/fold-endpoint.ts'
import { Breaker } from './breaker.ts'
import type { BreakerOwner } from './breaker.ts'
import { endpointChart } from './charts.ts'
import type { RestingEndpoint } from './charts.ts'
import type { EndpointRecords } from './endpoint-records.ts'
import { OwedSteps } from './owed-steps.ts'

/** Whether an endpoint's events go out: paused by a person, or disabled because it is gone or only fails. */
export type EndpointState = 'active' | 'paused' | 'disabled'

/** An endpoint's health, as it is shown. */
export interface HealthDetails {
  /** Null without a breaker. `failures`: failed attempts in a row; `reopensAt`: when a probe may go out, while open. */
  readonly breaker: {
    readonly state: BreakerState
    readonly failures: number
    readonly reopensAt: string | null
  } | null
  /** Since when attempts have brought nothing but failures; with `autoDisable` only, else null. */
  readonly failingSince: string | null
  /** From when on a failure disables the endpoint; null unless `endpointFailing` was told. */
  readonly disableAt: string | null
  /** Why it is disabled: it answered 410, or it only failed for too long. Null unless it is. */
  readonly disableReason: DisableReason | null
}

/** Told after the step is in the log. */
export interface HealthObserver {
  breakerChanged(endpoint: Endpoint, state: BreakerState, reopensAt: string | null): void
  endpointFailing(endpoint: Endpoint, failingSince: string, disableAt: string): void
  endpointDisabled(endpoint: Endpoint, reason: DisableReason, failingSince: string | null): void
  /** The log refused a step of the endpoint's own; it is offered again. */
  endpointStepRefused(endpoint: Pick<Endpoint, 'id'>, error: unknown): void
}

export interface HealthPorts {
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly endpointRecords: EndpointRecords
  readonly observer: HealthObserver
}

export class EndpointHealth implements BreakerOwner {
  readonly #endpoint: Endpoint
  readonly #ports: HealthPorts
  readonly #changed: () => void
  #resting: RestingEndpoint = endpointChart.initial
  #breaker: Breaker | null
  /** On the monotonic clock; meaningful while failing, and while warned. */
  #failingSinceMs = 0
  #disableAtMs = 0
  /** Made when first needed: most endpoints never take a step of their own. No attempt starts while there are any. */
  #owed: OwedSteps | null = null

  /** `changed` is called whenever something that held the endpoint back may be gone, or it is held back now. */
  constructor(endpoint: Endpoint, ports: HealthPorts, changed: () => void) {
    this.#endpoint = endpoint
    this.#ports = ports
    this.#changed = changed
    this.#breaker = this.#makeBreaker()
  }

  get state(): EndpointState {
    const { value } = this.#resting
    if (value === 'paused') return 'paused'
    return value === 'disabled' || value === 'removed' ? 'disabled' : 'active'
  }

  /** Whether it takes no part in anything any more. */
  get removed(): boolean {
    return this.#resting.value === 'removed'
  }

  get breaker(): Breaker | null {
    return this.#breaker
  }

  get details(): HealthDetails {
    const { failingSince, disableAt, disableReason } = this.#resting.context
    const breaker = this.#breaker
    return {
      breaker: breaker && { state: breaker.state, failures: breaker.failures, reopensAt: breaker.reopensAt },
      failingSince,
      disableAt,
      disableReason,
    }
  }

  /** Takes up the state it was in before a restart. What its settings have no more use for is ended. */
  takeUp({ endpoint, breaker }: FoldedEndpoint): void {
    const nowMs = this.#ports.clock.now()
    if (endpoint !== null) {
      const { failingSince, disableAt } = endpoint.context
      const monotonicMs = this.#ports.clock.monotonic()
      this.#resting = endpoint
      this.#failingSinceMs = monotonicMs - msSince(failingSince ?? '', nowMs)
      this.#disableAtMs = monotonicMs + msUntil(disableAt ?? '', nowMs)
      if (this.#endpoint.settings.autoDisable === null) this.#succeeded()
    }
    if (breaker === null) return
    if (this.#breaker !== null) this.#breaker.takeUp(breaker)
    else if (breaker.value !== 'closed') {
      const event: BreakerEvent = { type: 'breaker.reset', at: this.#now(0) }
      this.#take(() => this.record(event, breaker.value, 'closed'))
    }
  }

  /** Whether an attempt may start, with `inFlight` others under way. */
  allows(inFlight: number): boolean {
    if (this.state !== 'active' || this.#owed?.settled === false) return false
    return this.#breaker === null || this.#breaker.allows(inFlight)
  }

  /** What hookline itself ended, or got wrong, says nothing of the endpoint. */
  attemptEnded(outcome: Outcome): void {
    switch (outcome.kind) {
      case 'interrupted':
        return
      case 'succeeded':
        this.#breaker?.succeeded()
        this.#succeeded()
        return
      case 'permanent':
        // An endpoint that refuses an event for good is well enough for the next one.
        if (outcome.failure.reach === 'answered') this.#breaker?.succeeded()
        if (outcome.gone) this.#disable('gone')
        else if (outcome.failure.reason !== 'invalid_request') this.#failed()
        return
      case 'retriable':
        this.#breaker?.failed()
        this.#failed()
    }
  }

  /** Throws what the log throws, and changes nothing then; so do `resume` and `remove`. */
  pause(): void {
    this.#step({ type: 'endpoint.paused', at: this.#now(0) })
  }

  resume(): void {
    this.#step({ type: 'endpoint.resumed', at: this.#now(0) })
  }

  remove(): void {
    this.#step({ type: 'endpoint.removed', at: this.#now(0) })
  }

  /** New settings are in force, or (`moved`) another URL. What they replace starts afresh. */
  settingsChanged(before: EndpointSettings, moved: boolean): void {
    const { settings } = this.#endpoint
    if (moved || settings.breaker !== before.breaker) {
      this.#breaker?.reset()
      this.#breaker = this.#makeBreaker()
    }
    if (moved || settings.autoDisable !== before.autoDisable) this.#succeeded()
  }

  /** Lets go of what is scheduled. */
  rest(): void {
    if (this.#breaker !== null) this.#ports.scheduler.cancel(this.#breaker)
    if (this.#owed !== null) this.#ports.scheduler.cancel(this.#owed)
  }

  happened(breaker: Breaker, event: BreakerEvent): void {
    this.#take(() => {
      if (!breaker.step(event)) return
      this.#ports.observer.breakerChanged(this.#endpoint, breaker.state, breaker.reopensAt)
      this.#changed()
    })
  }

  record(event: BreakerEvent, from: BreakerState, to: BreakerState): void {
    this.#ports.endpointRecords.append(this.#endpoint.id, { machine: 'breaker', event, from, to })
  }

  #makeBreaker(): Breaker | null {
    const { breaker } = this.#endpoint.settings
    return breaker === null ? null : new Breaker(breaker, this.#ports.clock, this.#ports.scheduler, this)
  }

  #succeeded(): void {
    const { value } = this.#resting
    // A failure before this success may wait for the log: it is over all the same.
    if (value !== 'failing' && value !== 'warned' && this.#owed?.settled !== false) return
    const event: EndpointEvent = { type: 'failures.ended', at: this.#now(0) }
    this.#take(() => this.#step(event))
  }

  /** Begins to count, warns, disables: whatever the time that failures have lasted calls for. */
  #failed(): void {
    const { autoDisable } = this.#endpoint.settings
    if (autoDisable === null) return
    const { afterMs, warningMs } = autoDisable
    const nowMs = this.#ports.clock.monotonic()
    const at = this.#now(0)
    if (this.#resting.value === 'active') {
      this.#take(() => {
        // Of several that wait for the log, only the first began anything.
        if (this.#resting.value === 'active') this.#failingSinceMs = nowMs
        this.#step({ type: 'failures.began', at })
      })
    }
    const { value, context } = this.#resting
    if (value === 'failing' && nowMs - this.#failingSinceMs >= afterMs - warningMs) {
      this.#disableAtMs = nowMs + warningMs
      const failingSince = context.failingSince ?? at
      const disableAt = this.#now(warningMs)
      this.#take(() => this.#step({ type: 'failures.lasted', at, failingSince, disableAt }))
    }
    if (this.#resting.value === 'warned' && nowMs >= this.#disableAtMs) this.#disable('failing')
  }

  #disable(reason: DisableReason): void {
    const at = this.#now(0)
    this.#take(() => {
      const { failingSince } = this.#resting.context
      this.#step({ type: 'endpoint.disabled', at, reason, failingSince })
    })
  }

  #step(event: EndpointEvent): void {
    const before = this.#resting
    const after = endpointChart.step(before, event)
    if (after === null) return
    const { id } = this.#endpoint
    this.#ports.endpointRecords.append(id, { machine: 'endpoint', event, from: before.value, to: after.value })
    this.#resting = after
    const { observer } = this.#ports
    if (event.type === 'failures.lasted') observer.endpointFailing(this.#endpoint, event.failingSince, event.disableAt)
    if (event.type === 'endpoint.disabled') observer.endpointDisabled(this.#endpoint, event.reason, event.failingSince)
    this.#changed()
  }

  /** What happens by itself waits for a log that does not take it now. */
  #take(step: () => void): void {
    const { scheduler, observer } = this.#ports
    const refused = (error: unknown): void => observer.endpointStepRefused(this.#endpoint, error)
    this.#owed ??= new OwedSteps(scheduler, refused, this.#changed)
    this.#owed.take(step)
  }

  #now(laterMs: number): string {
    return isoTime(this.#ports.clock.now() + laterMs)
  }
}
