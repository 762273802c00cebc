import type { DisableReason } from '../../machines/endpoint.ts'
import type { DeliveryStatus, SettledStatus } from '../../machines/delivery.ts'
import type { Failure } from '../attempt/failure.ts'
import type { LogCondition } from '../log/log-home.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { checkOneOf } from '../options/value-checks.ts'
import { callListener } from './call-listener.ts'

/** What the notices about one event have in common. */
export interface EventNotice {
  readonly eventId: string
  readonly endpointId: string
  readonly eventType: string
}

export interface SettledNotice extends EventNotice {
  readonly status: SettledStatus
  readonly attempts: number
  readonly lastError: string | null
  readonly submittedAt: string
  readonly deliveredAt: string | null
}

/** The service events, by type, with what a listener is given. */
export interface ServiceEvents {
  /** An event is delivered, failed or dead-lettered. */
  settled: SettledNotice
  /** An event's attempts ran out. `settled` is told too. */
  deadLettered: SettledNotice
  /** An attempt ended without a delivery. */
  attemptFailed: EventNotice & {
    readonly attempt: number
    readonly failure: Failure
    readonly status: DeliveryStatus
    /** When the next attempt is due; null when there is none. */
    readonly retryAt: string | null
  }
  /**
   * An endpoint is disabled: its line waits and it takes no new events until `resumeEndpoint`. `gone`: it answered 410.
   * `failing`: nothing but failures came of it for as long as `autoDisable` says, since `failingSince`.
   */
  endpointDisabled: {
    readonly endpointId: string
    readonly reason: DisableReason
    readonly failingSince: string | null
  }
  /** An endpoint has only failed since `failingSince`; unless it recovers, a failure after `disableAt` disables it. */
  endpointFailing: { readonly endpointId: string; readonly failingSince: string; readonly disableAt: string }
  /** A dead letter holds its line (`whenExhausted: 'halt'`) until `redeliver` or `resumeEndpoint`. */
  laneHalted: EventNotice & { readonly orderingKey: string | null }
  /** An endpoint's breaker opened, lets a probe through, or closed. */
  breakerChanged: {
    readonly endpointId: string
    readonly state: 'closed' | 'open' | 'halfOpen'
    readonly reopensAt: string | null
  }
  /** A rate limit, the endpoint's own or the service's, holds an attempt back that was ready. Told once for each attempt. */
  rateLimited: {
    readonly endpointId: string
    readonly limit: 'endpoint' | 'service'
    /** When the limit lets the next attempt go, ISO 8601. */
    readonly until: string
  }
  /** A listener, a subscriber of the log or the inspection observer threw. */
  listenerFailed: { readonly where: 'listener' | 'log' | 'inspect'; readonly error: unknown }
  /** The log did not take a record of an event. The step was taken back and is tried again every second. */
  appendFailed: EventNotice & { readonly error: unknown }
  /**
   * The log did not take a record of an endpoint's own, or what a removed endpoint left behind could not be settled. It is tried
   * again every second; no attempt of the endpoint starts before.
   */
  endpointAppendFailed: { readonly endpointId: string; readonly error: unknown }
  /**
   * hookline's own code failed on an event, which is settled as `failed` with reason `internal`. Please report it. Or, soon
   * after a restart: the records of an event do not follow from one another (`DivergenceError`), and it is left out.
   */
  quarantined: EventNotice & { readonly error: unknown }
  /**
   * Soon after a start: an endpoint that the home of the log kept did not come back, because its stored configuration or its
   * own records cannot be read. Its events wait; `registerEndpoint` with its `id` replaces what is stored.
   */
  endpointLeftOut: { readonly endpointId: string; readonly error: unknown }
  /**
   * The home of the log takes no submissions (`'held'`: until what is wrong has passed; `'stopped'`: never again), or takes
   * them again (`'writable'`). `error` says why; null when it is writable.
   */
  logConditionChanged: { readonly condition: LogCondition; readonly error: Error | null }
}

export type ServiceEventType = keyof ServiceEvents

/** The service events there are. */
export const serviceEventTypes: readonly ServiceEventType[] = [
  'settled',
  'deadLettered',
  'attemptFailed',
  'endpointDisabled',
  'endpointFailing',
  'laneHalted',
  'breakerChanged',
  'rateLimited',
  'listenerFailed',
  'appendFailed',
  'endpointAppendFailed',
  'quarantined',
  'endpointLeftOut',
  'logConditionChanged',
]

type Listener = (notice: never) => void

/** Tells listeners what happened, a microtask later: a listener may call the service, and must not find it mid-step. */
export class Notices {
  readonly #listeners = new Map<ServiceEventType, Set<{ readonly hear: Listener }>>()
  #untold: { readonly type: ServiceEventType; readonly notice: unknown }[] = []
  /** Whoever has just made the service has had no chance to listen yet: what happens meanwhile is kept for it. */
  #starting = true

  constructor() {
    queueMicrotask(() => {
      this.#starting = false
    })
  }

  /** @throws InvalidOptionError */
  on<Type extends ServiceEventType>(type: Type, listener: (notice: ServiceEvents[Type]) => void): () => void {
    checkOneOf(type, 'type', serviceEventTypes)
    if (typeof listener !== 'function') refuseOption('listener', 'must be a function', listener)
    const listeners = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, listeners)
    // An object of its own, so that the same function may listen twice.
    const subscription = { hear: listener }
    listeners.add(subscription)
    return () => {
      listeners.delete(subscription)
    }
  }

  /** Whether anyone listens, so that a notice nobody wants need not be made. */
  wanted(type: ServiceEventType): boolean {
    return this.#starting || (this.#listeners.get(type)?.size ?? 0) > 0
  }

  tell<Type extends ServiceEventType>(type: Type, notice: ServiceEvents[Type]): void {
    if (!this.wanted(type)) return
    if (this.#untold.push({ type, notice }) === 1) queueMicrotask(this.#tellAll)
  }

  readonly #tellAll = (): void => {
    const untold = this.#untold
    this.#untold = []
    for (const { type, notice } of untold) {
      const listeners = this.#listeners.get(type) ?? new Set()
      // A copy: one that ends its subscription and starts it anew as it hears would otherwise be told for ever.
      for (const subscription of [...listeners]) {
        if (!listeners.has(subscription)) continue
        // `on` and `tell` pair each type with its own notice.
        callListener(subscription.hear, notice as never, (error) => {
          // A listener of `listenerFailed` that fails too is not told of itself.
          if (type !== 'listenerFailed') this.tell('listenerFailed', { where: 'listener', error })
        })
      }
    }
  }
}
