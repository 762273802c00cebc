// Endpoints that were removed, and the events they leave behind. A short backlog is settled at once; a long one some events
// at a time, so that nobody else's deliveries wait for it. What a restart cuts off, recovery hands in again.
import { Task } from '../clock/scheduler.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import { refuseOption } from '../options/refuse-option.ts'
import type { LogHome } from '../log/log-home.ts'
import type { LaneObserver } from './lane-host.ts'
import type { Turns } from './turns.ts'
import type { LaneWindowSizes } from './window-sizes.ts'

/** How long the event loop is left to others between one go and the next: about as long as that takes. */
const restMs = 5
/** How long before the log is offered again what it did not take. */
const appendAgainMs = 1000

/** What a removed endpoint leaves behind. */
export interface Leaving {
  readonly endpointId: string
  /**
   * Settles the next of its events as failed, `most` at most. Returns how many; with fewer, nothing is left of it. Throws what
   * the log throws; the call can be made again.
   */
  settle(most: number): number
}

export interface RemovalsPorts {
  readonly scheduler: Scheduler
  readonly log: Pick<LogHome, 'condition'>
  readonly observer: Pick<LaneObserver, 'endpointStepRefused'>
  readonly turns: Pick<Turns, 'look'>
}

export type RemovalSizes = Pick<LaneWindowSizes, 'removedAtOnce' | 'removedAtATime'>

export class Removals extends Task {
  readonly #ports: RemovalsPorts
  readonly #sizes: RemovalSizes
  /** By endpoint, in the order in which they were removed. */
  readonly #leaving = new Map<string, Leaving>()

  constructor(ports: RemovalsPorts, sizes: RemovalSizes) {
    super()
    this.#ports = ports
    this.#sizes = sizes
  }

  /** Settles what an endpoint leaves behind. When this throws what the log throws, the endpoint is still to be removed. */
  begin(leaving: Leaving): void {
    if (this.#settlesAtOnce(leaving)) return
    this.#leaving.set(leaving.endpointId, leaving)
    this.#goOn(restMs)
  }

  /** Goes on with what a restart cut off. */
  resume(leaving: readonly Leaving[]): void {
    for (const one of leaving) this.#leaving.set(one.endpointId, one)
    this.#settle(this.#sizes.removedAtOnce)
  }

  /**
   * Before an endpoint is registered under `endpointId`. Throws what the log throws; the call can be made again.
   *
   * @throws InvalidOptionError while events of the one that was removed are still being settled
   */
  checkFree(endpointId: string): void {
    const leaving = this.#leaving.get(endpointId)
    if (leaving === undefined) return
    if (this.#settlesAtOnce(leaving)) this.#leaving.delete(endpointId)
    else
      refuseOption(
        'id',
        'must be free, and events of the endpoint removed under it are still being settled',
        endpointId,
      )
  }

  due(): void {
    this.#settle(this.#sizes.removedAtATime)
  }

  #settlesAtOnce(leaving: Leaving): boolean {
    const most = this.#sizes.removedAtOnce
    return leaving.settle(most) < most
  }

  #settle(most: number): void {
    let left = most
    for (const leaving of this.#leaving.values()) {
      try {
        left -= leaving.settle(left)
      } catch (error) {
        this.#ports.observer.endpointStepRefused({ id: leaving.endpointId }, error)
        // Behind the others: what is wrong may be its own.
        this.#leaving.delete(leaving.endpointId)
        this.#leaving.set(leaving.endpointId, leaving)
        return this.#goOn(appendAgainMs)
      }
      if (left === 0) return this.#goOn(restMs)
      this.#leaving.delete(leaving.endpointId)
    }
    // A shutdown that drains may have waited for just this.
    this.#ports.turns.look()
  }

  #goOn(inMs: number): void {
    if (!this.scheduled && this.#ports.log.condition !== 'stopped') this.#ports.scheduler.schedule(this, inMs)
  }
}
