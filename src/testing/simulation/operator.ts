import type { EndpointPatch, WebhookService } from '../../webhook-service.ts'
import { callService } from './called-service.ts'
import type { Called, RunningService } from './called-service.ts'
import { drawRetry } from './draw-scenario.ts'
import type { CallHistory, History } from './history.ts'
import type { PlannedCall } from './planned-call.ts'
import type { PlacedLog } from './placed-log.ts'
import type { SeededSource } from './seeded-source.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedEndpoint } from './simulated-endpoint.ts'

/** People at work on the service: everything that may be done to it beside submitting. */
export class Operator {
  readonly #clock: SimulatedClock
  readonly #history: History
  readonly #endpoints: readonly SimulatedEndpoint[]
  readonly #running: () => RunningService | null
  /** Removals that a crash left unknown. */
  readonly #toRemove = new Set<SimulatedEndpoint>()
  readonly #placed: PlacedLog | null

  constructor(
    clock: SimulatedClock,
    history: History,
    endpoints: readonly SimulatedEndpoint[],
    running: () => RunningService | null,
    placed: PlacedLog | null,
  ) {
    this.#clock = clock
    this.#history = history
    this.#endpoints = endpoints
    this.#running = running
    this.#placed = placed
  }

  carryOut({ operation, source }: PlannedCall): void {
    const endpoint = source.anyOf(this.#endpoints.filter(({ removed }) => !removed))
    if (endpoint === undefined) return
    switch (operation) {
      case 'pauseEndpoint':
        this.#call(endpoint, operation, (service) => service.pauseEndpoint(endpoint.id))
        return
      case 'resumeEndpoint':
        this.resume(endpoint)
        return
      case 'updateEndpoint':
        this.#update(endpoint, source)
        return
      case 'rotateSecret':
        this.#rotate(endpoint, source)
        return
      case 'removeEndpoint':
        this.#remove(endpoint)
        return
      case 'redeliver': {
        const event = source.anyOf([...this.#history.events.values()])
        if (event !== undefined) {
          this.#call(event.endpoint, operation, (service) => service.redeliver(event.eventId), event.eventId)
        }
        return
      }
      case 'redeliverDeadLetters':
        this.#call(endpoint, operation, (service) => service.redeliverDeadLetters(endpoint.id))
    }
  }

  /** Lets everything of the endpoint's go on. */
  resume(endpoint: SimulatedEndpoint): void {
    this.#call(endpoint, 'resumeEndpoint', (service) => service.resumeEndpoint(endpoint.id))
  }

  /** The service runs again. */
  restarted(): void {
    for (const endpoint of this.#toRemove) if (!endpoint.removed) this.#remove(endpoint)
  }

  #update(endpoint: SimulatedEndpoint, source: SeededSource): void {
    const host = `move-${endpoint.moves + 1}-of-endpoint-${endpoint.index}.example`
    const patches: [EndpointPatch, ...EndpointPatch[]] = [
      { retry: drawRetry(source) },
      { timeoutMs: source.oneOf([700, 4000, null]) },
      { rateLimit: source.oneOf([null, { perSecond: 5, burst: 2 }]) },
      { breaker: source.oneOf([null, { failures: 2, cooldownMs: 2000 }]) },
      { url: `https://${host}/hooks` },
    ]
    const patch = source.oneOf(patches)
    const called = this.#call(endpoint, 'updateEndpoint', (service) => service.updateEndpoint(endpoint.id, patch))
    if (called?.outcome !== 'done') return
    if (patch.url !== undefined) endpoint.moves += 1
    if (patch.url !== undefined || patch.breaker !== undefined) endpoint.breakerTicks.push(this.#history.nextTick())
    endpoint.changed(patch)
    this.#placed?.noteDurable(endpoint)
  }

  #rotate(endpoint: SimulatedEndpoint, source: SeededSource): void {
    const secret = `secret ${endpoint.secrets.length} of endpoint ${endpoint.index}, once rotated`
    const overlapMs = source.oneOf([0, 10_000, 86_400_000])
    const rotate = (service: WebhookService) => service.rotateSecret(endpoint.id, secret, { overlapMs })
    const called = this.#call(endpoint, 'rotateSecret', rotate)
    if (called?.outcome !== 'done') return
    endpoint.rotated(secret, this.#clock.wallMs, overlapMs)
    this.#placed?.noteDurable(endpoint)
  }

  #remove(endpoint: SimulatedEndpoint): void {
    const called = this.#call(endpoint, 'removeEndpoint', (service) => service.removeEndpoint(endpoint.id))
    endpoint.removed = called?.outcome === 'done'
    // Even one that was refused may have been taken half-way.
    endpoint.durable = null
    if (called !== null) this.#toRemove.add(endpoint)
    if (endpoint.removed) this.#whenDurable(() => this.#removedForGood(endpoint))
    if (called?.outcome === 'refused') this.#clock.in(1000, () => this.restarted())
  }

  #removedForGood(endpoint: SimulatedEndpoint): void {
    endpoint.removedForGood = true
    this.#toRemove.delete(endpoint)
  }

  #whenDurable(act: () => void): void {
    if (this.#placed === null) act()
    else this.#placed.whenDurable(act)
  }

  #call<T>(
    endpoint: SimulatedEndpoint,
    name: string,
    call: (service: WebhookService) => T,
    eventId: string | null = null,
  ): Called<T> | null {
    const running = this.#running()
    if (running === null) return null
    const history = this.#history
    const startTick = history.nextTick()
    const entry: CallHistory = {
      call: name,
      startTick,
      endTick: startTick,
      endpoint,
      eventId,
      outcome: 'unknown',
      refusal: null,
    }
    history.calls.push(entry)
    const called = callService(running, history, name, call)
    entry.endTick = history.nextTick()
    entry.outcome = called.outcome
    if (called.outcome === 'refused') entry.refusal = called.refusal
    return called
  }
}
