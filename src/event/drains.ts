import { ServiceClosedError } from '../errors/errors.ts'
import type { Readings } from './readings.ts'

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Those who wait until every event has settled. */
export class Drains {
  readonly #readings: Readings
  #waiters: Waiter[] = []
  #closed = false

  constructor(readings: Readings) {
    this.#readings = readings
  }

  /** How many events have not settled. */
  get left(): number {
    return this.#readings.open
  }

  /** Whether every event has settled. */
  get drained(): boolean {
    return this.#readings.open === 0
  }

  wait(): Promise<void> {
    if (this.drained) return Promise.resolve()
    const drained = new Promise<void>((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
    })
    // A caller that does not wait for it must not die of it when the service is shut down first.
    drained.catch(() => undefined)
    if (this.#closed) this.close()
    return drained
  }

  /** An event has settled. */
  settled(): void {
    if (this.#waiters.length === 0 || !this.drained) return
    const waiters = this.#waiters
    this.#waiters = []
    // Not before the listeners have heard of the last event: what they write down, the waiting caller may close.
    queueMicrotask(() => {
      for (const { resolve } of waiters) resolve()
    })
  }

  /** Nothing will settle any more. */
  close(): void {
    this.#closed = true
    for (const { reject } of this.#waiters) {
      reject(new ServiceClosedError('drain: the service was shut down before everything had settled'))
    }
    this.#waiters = []
  }
}
