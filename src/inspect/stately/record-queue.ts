// Takes the service's records off its hands: whatever is done about them is done later, a slice at a time, between turns
// of the event loop, so that no delivery waits for it.
import type { Clock } from '../../clock/clock.ts'
import { afterLoopTurn } from '../../clock/loop-turn.ts'
import { RingQueue } from '../../collections/ring-queue.ts'
import type { LogRecord } from '../../log/transition.ts'

/** How many records may wait. */
export const queueLimit = 10_000

/** After this long a slice is over: about what one attempt costs the process anyway. */
const sliceMs = 2
/** Nor does a slice take more records than this, where the clock stands still. */
const sliceRecords = 200

export class RecordQueue {
  readonly #take: (record: LogRecord) => void
  readonly #clock: Clock
  readonly #defer: (callback: () => void) => void
  readonly #waiting = new RingQueue<LogRecord>()
  #closed = false

  /** @param take must not throw */
  constructor(take: (record: LogRecord) => void, clock: Clock, defer = afterLoopTurn) {
    this.#take = take
    this.#clock = clock
    this.#defer = defer
  }

  /** False when there is no room. */
  push(record: LogRecord): boolean {
    if (this.#waiting.size >= queueLimit) return false
    this.#waiting.push(record)
    if (this.#waiting.size === 1) this.#defer(this.#work)
    return true
  }

  /** Forgets what waits. */
  close(): void {
    this.#closed = true
  }

  readonly #work = (): void => {
    const startedMs = this.#clock.monotonic()
    for (let taken = 0; taken < sliceRecords && !this.#closed; taken += 1) {
      const record = this.#waiting.first
      if (record === undefined) return
      this.#take(record)
      // Only now, so that what is pushed meanwhile finds the queue at work.
      this.#waiting.shift()
      if (this.#clock.monotonic() - startedMs > sliceMs) break
    }
    if (this.#waiting.size > 0 && !this.#closed) this.#defer(this.#work)
  }
}
