// What alerts are raised by: notices of the service, and its lag, looked at every few seconds.
import type { Clock, Timer } from '../../clock/clock.ts'
import { isoTime } from '../../clock/iso-time.ts'
import type { ServiceEvents } from '../../notices/notices.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { isJudged } from '../faults.ts'
import type { FaultListener } from '../faults.ts'
import { lagMsOf } from '../lag-ms.ts'
import type { Alert, AlertKind } from './alert.ts'

export interface AlertSourcePorts {
  readonly service: WebhookService
  readonly clock: Clock
  readonly raise: (alert: Alert) => void
  readonly onFault: FaultListener
  /** Null: lag raises none. */
  readonly lagMs: number | null
}

const lookEveryMs = 10_000

export class AlertSources {
  readonly #ports: AlertSourcePorts
  readonly #stops: readonly (() => void)[]
  #timer: Timer | null = null
  /** One alert as it sets in; another only once it was over. */
  #lagging = false

  constructor(ports: AlertSourcePorts) {
    const { service, lagMs } = ports
    this.#ports = ports
    this.#stops = [
      service.on('deadLettered', this.#deadLettered),
      service.on('breakerChanged', this.#breakerChanged),
      service.on('endpointDisabled', this.#endpointDisabled),
      service.on('logConditionChanged', this.#logConditionChanged),
    ]
    if (lagMs !== null) this.#lookLater(lagMs)
  }

  stop(): void {
    for (const stop of this.#stops) stop()
    if (this.#timer !== null) this.#ports.clock.clearTimeout(this.#timer)
    this.#timer = null
  }

  readonly #deadLettered = (notice: ServiceEvents['deadLettered']): void => {
    const { eventId, eventType, endpointId, attempts, lastError } = notice
    const what = `event ${eventId} (${eventType}) is a dead letter after ${attempts} attempts`
    this.#raise('deadLetter', endpointId, `${what}: ${lastError ?? 'no reason is known'}`, {
      eventId,
      eventType,
      attempts,
      error: lastError,
    })
  }

  readonly #breakerChanged = ({ endpointId, state, reopensAt }: ServiceEvents['breakerChanged']): void => {
    if (state !== 'open') return
    const next = reopensAt === null ? '' : `; the next attempt is due at ${reopensAt}`
    this.#raise('breakerOpened', endpointId, `the breaker opened${next}`, { reopensAt })
  }

  readonly #endpointDisabled = (notice: ServiceEvents['endpointDisabled']): void => {
    const { endpointId, reason, failingSince } = notice
    const why = reason === 'gone' ? 'it answered 410' : `it has only failed since ${failingSince ?? 'an unknown time'}`
    this.#raise('endpointDisabled', endpointId, `the endpoint is disabled: ${why}`, { reason, failingSince })
  }

  readonly #logConditionChanged = ({ condition, error }: ServiceEvents['logConditionChanged']): void => {
    if (condition === 'writable') return
    const why = error === null ? '' : `: ${error.message}`
    if (condition === 'held') this.#raise('logHeld', null, `the log takes no events for now${why}`, {})
    else this.#raise('logStopped', null, `the log has stopped for good; restart the service${why}`, {})
  }

  #look(limitMs: number): void {
    const { service, clock } = this.#ports
    const { oldestPendingAt } = service.stats()
    const lagMs = lagMsOf(oldestPendingAt, clock.now())
    if (lagMs < limitMs) this.#lagging = false
    else if (!this.#lagging) {
      this.#lagging = true
      const message = `an event has waited for ${Math.round(lagMs / 1000)} seconds`
      this.#raise('lag', null, message, { lagMs, oldestPendingAt })
    }
    this.#lookLater(limitMs)
  }

  #lookLater(limitMs: number): void {
    this.#timer = this.#ports.clock.setTimeout(() => this.#look(limitMs), lookEveryMs)
    this.#timer.unref?.()
  }

  #raise(kind: AlertKind, endpointId: string | null, message: string, details: Alert['details']): void {
    const { clock, raise, onFault } = this.#ports
    try {
      const about = endpointId === null ? message : `endpoint ${this.#naming(endpointId)}: ${message}`
      raise({ kind, at: isoTime(clock.now()), message: about, endpointId, more: 0, details })
    } catch (error) {
      // To the service this is one who listens to it, and may throw what it likes.
      onFault(error, { where: 'alerts', requestId: null })
    }
  }

  /** By what people call it, where they have said so. */
  #naming(endpointId: string): string {
    try {
      const { description } = this.#ports.service.getEndpoint(endpointId)
      return description === null ? endpointId : `${endpointId} (${description})`
    } catch (error) {
      if (!isJudged(error)) throw error
      return endpointId // it was removed meanwhile
    }
  }
}
