// Alerts: raised by what goes wrong in a service, throttled, and delivered by hookline itself: signed and retried. The
// service that delivers them is one of their own, in memory. So they go out also when the log of the service takes nothing
// any more, and an alert that cannot be delivered is never the reason for another.
import type { Clock, Timer } from '../../clock/clock.ts'
import { systemRandomBytes } from '../../random/random-bytes.ts'
import { createWebhookService } from '../../service.ts'
import type { EgressOptions } from '../../transport/egress/egress-policy.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { isJudged } from '../faults.ts'
import type { FaultListener } from '../faults.ts'
import type { AlertCounts } from '../metrics/figures.ts'
import type { ServerLog } from '../server-log.ts'
import type { Alert } from './alert.ts'
import { alertBody } from './alert-body.ts'
import type { AlertSettings } from './alert-options.ts'
import { AlertSources } from './alert-sources.ts'
import { AlertThrottle } from './alert-throttle.ts'

export interface AlertPorts {
  readonly service: WebhookService
  readonly clock: Clock
  readonly log: ServerLog
  readonly onFault: FaultListener
}

/** Slack takes about one a second. */
const pace = { perSecond: 1, burst: 5 }
const retry = { maxAttempts: 8, initialDelayMs: 2000, retryableStatuses: [408, 425, 429] }
const limits = { pendingEvents: 1000, endpoints: 1, liveLanes: 1, orderingKeys: 1 }
/** How long alerts may hold up the end of the server. */
const lastWordsMs = 2000

export class Alerts {
  readonly #ports: AlertPorts
  readonly #settings: AlertSettings
  readonly #sender: WebhookService
  readonly #endpointId: string
  readonly #throttle: AlertThrottle
  readonly #sources: AlertSources
  #timer: Timer | null = null
  #sent = 0
  #withheld = 0
  #lost = 0

  /** @throws InvalidUrlError, InvalidSecretError, InvalidOptionError */
  constructor(ports: AlertPorts, settings: AlertSettings) {
    const { clock, service, onFault } = ports
    this.#ports = ports
    this.#settings = settings
    // Checked by the service itself, like any of its options.
    const egress = settings.egress as EgressOptions | undefined
    this.#sender = createWebhookService({
      clock,
      retry,
      limits,
      concurrency: 1,
      retention: { settledEvents: 0, deadLetters: 0 },
      egress: { privateNetworks: 'allow', ...egress },
    })
    // The same: what is no URL or no secret is refused there.
    const { url, secret } = settings as { url: string; secret: string }
    this.#endpointId = this.#sender.registerEndpoint(url, needsSecret(settings) ? secret : unreadSecret(), {
      rateLimit: pace,
    })
    this.#sender.on('settled', ({ status, eventType, lastError }) => {
      if (status !== 'delivered') this.#loose(eventType, lastError)
    })
    this.#throttle = new AlertThrottle(settings.everyMs)
    this.#sources = new AlertSources({ service, clock, lagMs: settings.lagMs, raise: this.#raise, onFault })
  }

  get counts(): AlertCounts {
    return { sent: this.#sent, withheld: this.#withheld, lost: this.#lost }
  }

  /** Sends what is withheld, and waits a little for what is under way. */
  async stop(): Promise<void> {
    this.#sources.stop()
    if (this.#timer !== null) this.#ports.clock.clearTimeout(this.#timer)
    for (const summary of this.#throttle.takeAll()) this.#send(summary)
    await this.#sender.shutdown({ drain: true, timeoutMs: lastWordsMs })
  }

  readonly #raise = (alert: Alert): void => {
    if (this.#throttle.admit(alert, this.#ports.clock.monotonic())) this.#send(alert)
    else this.#withheld += 1
    this.#wakeUp()
  }

  #send(alert: Alert): void {
    const eventType = `hookline.${alert.kind}`
    this.#sent += 1
    try {
      this.#sender.submitEvent(this.#endpointId, eventType, alertBody(alert, this.#settings.form))
    } catch (error) {
      this.#loose(eventType, error instanceof Error ? error.message : null)
      if (!isJudged(error)) this.#ports.onFault(error, { where: 'alerts', requestId: null })
    }
  }

  #loose(eventType: string, why: string | null): void {
    this.#lost += 1
    this.#ports.log.error({ eventType, error: why }, 'an alert was not delivered')
  }

  #wakeUp(): void {
    const endMs = this.#throttle.nextEndMs
    if (this.#timer !== null || endMs === null) return
    const { clock } = this.#ports
    this.#timer = clock.setTimeout(this.#tellDue, Math.max(0, Math.ceil(endMs - clock.monotonic())))
    this.#timer.unref?.()
  }

  readonly #tellDue = (): void => {
    this.#timer = null
    for (const summary of this.#throttle.takeDue(this.#ports.clock.monotonic())) this.#send(summary)
    this.#wakeUp()
  }
}

function needsSecret({ form, secret }: AlertSettings): boolean {
  return form !== 'slack' || secret !== undefined
}

/** Slack knows its own by the URL alone; what signs its alerts is drawn and told to nobody. */
function unreadSecret(): string {
  return Buffer.from(systemRandomBytes(32)).toString('hex')
}
