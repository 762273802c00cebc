// Lines are opened a few milliseconds at a time: after a restart there may be those of a hundred thousand endpoints, and the
// first is not to wait for the last.
import type { Clock } from '../clock/clock.ts'
import { Task } from '../clock/scheduler.ts'
import type { Scheduler } from '../clock/scheduler.ts'
import { RingQueue } from '../collections/ring-queue.ts'
import type { TakesIn } from './windows.ts'

/** How long lines are opened without anything else going on between. */
const sliceMs = 10

export class OpeningLines extends Task {
  readonly #scheduler: Scheduler
  readonly #clock: Clock
  readonly #queue = new RingQueue<TakesIn>()

  constructor(scheduler: Scheduler, clock: Clock) {
    super()
    this.#scheduler = scheduler
    this.#clock = clock
  }

  get size(): number {
    return this.#queue.size
  }

  /** Calls `line` soon, in the order of the calls. */
  add(line: TakesIn): void {
    this.#queue.push(line)
    if (!this.scheduled) this.#scheduler.schedule(this, 0)
  }

  due(): void {
    const endMs = this.#clock.monotonic() + sliceMs
    for (let line = this.#queue.shift(); line !== undefined; line = this.#queue.shift()) {
      line.takeIn()
      if (this.#clock.monotonic() >= endMs) break
    }
    if (this.#queue.size > 0) this.#scheduler.schedule(this, 0)
  }

  /** Nothing is opened from now on. */
  close(): void {
    while (this.#queue.shift() !== undefined);
    this.#scheduler.cancel(this)
  }
}
