// The end of a service: running, then draining (the backlog still goes out), closing (only what is in flight ends), closed.
import type { DeliveryStatus } from '../machines/delivery.ts'
import { Task } from './clock/scheduler.ts'
import type { Scheduler } from './clock/scheduler.ts'
import type { EndpointRegistry } from './endpoint/endpoint-registry.ts'
import type { Drains } from './event/drains.ts'
import type { EventRecord } from './event/event-record.ts'
import type { EventStore } from './event/event-store.ts'
import type { Turns } from './lane/turns.ts'
import type { Windows } from './lane/windows.ts'
import type { LogHome } from './log/log-home.ts'
import { OptionReader } from './options/option-reader.ts'
import type { Transport } from './transport/transport.ts'

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
  /** `pending` also for one that waited on disk alone, and that this process had not come to. */
  readonly status: DeliveryStatus
}

export interface ShutdownReport {
  /** What was left, in the order of submission; where the log keeps it on disk, the first 10_000. */
  readonly undelivered: readonly UndeliveredEvent[]
  /** How many were left. */
  readonly undeliveredTotal: number
  /** How many requests were cut off because `timeoutMs` had passed. */
  readonly interrupted: number
}

export type ServicePhase = 'running' | 'draining' | 'closing' | 'closed'

/** The parts of a service that its end concerns. */
export interface ShutdownPorts {
  readonly scheduler: Scheduler
  readonly turns: Turns
  readonly endpoints: EndpointRegistry
  readonly store: EventStore
  readonly drains: Drains
  readonly transport: Transport
  readonly log: LogHome
  readonly windows: Windows | null
}

/** Undelivered events that are named, where the log keeps them on disk. */
const mostNamed = 10_000
const longestTimeoutMs = 2_592_000_000

export class Shutdown extends Task {
  /** What is in flight or in backoff keeps the process alive; the limit on waiting for it need not. */
  override readonly keepsAlive = false
  readonly #ports: ShutdownPorts
  #phase: ServicePhase = 'running'
  #interrupted = 0
  #promise: Promise<ShutdownReport> | null = null
  #finish: () => void = () => undefined

  constructor(ports: ShutdownPorts) {
    super()
    this.#ports = ports
  }

  get phase(): ServicePhase {
    return this.#phase
  }

  begin(value: unknown): Promise<ShutdownReport> {
    if (this.#promise !== null) return this.#promise
    const reader = new OptionReader(value, '', ['drain', 'timeoutMs'])
    const drain = reader.boolean('drain', false)
    const timeoutMs = reader.wholeNumber('timeoutMs', Infinity, { min: 0, max: longestTimeoutMs })
    // A getter among the options may have called shutdown, too.
    if (this.#promise !== null) return this.#promise
    this.#promise = new Promise<void>((resolve) => {
      this.#finish = resolve
    }).then(() => this.#report())
    if (timeoutMs !== Infinity) this.#ports.scheduler.schedule(this, timeoutMs)
    this.#phase = drain ? 'draining' : 'closing'
    if (drain) this.#ports.turns.look()
    else this.#stopTurns()
    return this.#promise
  }

  /** Nothing is in flight, and nobody wants a turn. Unless something is scheduled that will, the backlog is drained. */
  quiet(): void {
    if (this.#phase === 'draining' && this.#isDrained) {
      this.#phase = 'closing'
      this.#stopTurns()
    }
    if (this.#phase === 'closing') this.#finish()
  }

  get #isDrained(): boolean {
    const { drains, scheduler, windows, log } = this.#ports
    // Of a log that has failed for good nothing more can come.
    if (drains.drained || log.condition === 'stopped') return true
    // With nothing left to deliver, what is scheduled is only left over: the cooldown of a breaker, up to a day long.
    return scheduler.keepingAlive === 0 && windows?.busy !== true
  }

  /** The time is up. */
  due(): void {
    this.#phase = 'closing'
    this.#stopTurns()
    for (const lanes of this.#ports.endpoints) this.#interrupted += lanes.abortAttempts()
    this.#finish()
  }

  /** No lane takes up another event from now on. */
  #stopTurns(): void {
    this.#ports.windows?.close()
    for (const lanes of this.#ports.endpoints) lanes.stop()
    this.#ports.turns.close()
  }

  /** Lets go of everything. */
  async #report(): Promise<ShutdownReport> {
    this.#phase = 'closed'
    const { scheduler, endpoints, drains, transport, log } = this.#ports
    for (const lanes of endpoints) lanes.rest()
    scheduler.clear()
    drains.close()
    try {
      // Both are asked, whatever the other does: what one throws must not hide what the other rejects with.
      await Promise.all([(async () => transport.close())(), (async () => log.flush())()])
    } catch (error) {
      // Why it could not be made durable says more than why it could not be closed.
      await log.close?.().catch(() => undefined)
      throw error
    }
    const report = { ...this.#undelivered(), interrupted: this.#interrupted }
    await log.close?.()
    return report
  }

  #undelivered(): Pick<ShutdownReport, 'undelivered' | 'undeliveredTotal'> {
    const { store, drains, log } = this.#ports
    const { storedEvents } = log
    if (storedEvents === undefined) {
      const undelivered = store.unsettled().map(describe)
      return { undelivered, undeliveredTotal: undelivered.length }
    }
    const undelivered = storedEvents.unsettled(mostNamed).map(({ eventId, endpointId }) => {
      const record = store.inMemory(eventId)
      return record === undefined ? { eventId, endpointId, status: 'pending' as const } : describe(record)
    })
    return { undelivered, undeliveredTotal: drains.left }
  }
}

function describe(record: EventRecord): UndeliveredEvent {
  return { eventId: record.id, endpointId: record.endpointId, status: record.resting.value }
}
