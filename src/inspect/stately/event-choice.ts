// Which events are shown, decided for whole events: half a delivery would mislead. Whatever it leaves out has cost no
// conversion.
import { types } from 'node:util'
import type { Clock } from '../../clock/clock.ts'
import type { LogRecord } from '../../log/transition.ts'
import { callListener } from '../../notices/call-listener.ts'
import { isSampled } from './sampling.ts'

/** Why a record is not shown: nobody wants to see it, or there was no room for it. */
export type LeftOut = 'filtered' | 'dropped'

export interface ChoiceOptions {
  readonly filter: (record: LogRecord) => unknown
  readonly sample: number
  readonly maxEventsPerSecond: number
}

/** How many events are remembered as left out; one that is forgotten is judged again. */
const remembered = 10_000
const secondMs = 1000

export class EventChoice {
  readonly #options: ChoiceOptions
  readonly #clock: Clock
  readonly #failed: () => void
  /** By event id, or the name of a chart; the oldest first. */
  readonly #leftOut = new Map<string, LeftOut>()
  #secondStartedMs = -Infinity
  #takenThisSecond = 0

  /** `failed` hears that the filter threw; the event it was asked about is left out. */
  constructor(options: ChoiceOptions, clock: Clock, failed: () => void) {
    this.#options = options
    this.#clock = clock
    this.#failed = failed
  }

  /** Why an event is left out, as far as is known by its id; null when it is not. */
  ruledOut(eventId: string): LeftOut | null {
    const before = this.#leftOut.get(eventId)
    if (before !== undefined) return before
    return isSampled(eventId, this.#options.sample) ? null : 'filtered'
  }

  /** Whether no more events are shown in this second: none need be looked at. */
  get full(): boolean {
    const nowMs = this.#clock.monotonic()
    if (nowMs - this.#secondStartedMs >= secondMs) {
      this.#secondStartedMs = nowMs
      this.#takenThisSecond = 0
    }
    return this.#takenThisSecond >= this.#options.maxEventsPerSecond
  }

  /** Whether an event is shown from now on, judged by its first record; to be asked unless `full`. */
  admitEvent(first: LogRecord): LeftOut | null {
    if (!this.#passes(first, first.eventId)) return 'filtered'
    this.#takenThisSecond += 1
    return null
  }

  /** Whether a chart of an endpoint's own is shown, judged by the first of its records that was seen. */
  admitChart(first: LogRecord, name: string): LeftOut | null {
    return this.#leftOut.get(name) ?? (this.#passes(first, name) ? null : 'filtered')
  }

  /** Nothing of it is shown any more. */
  leaveOut(id: string, why: LeftOut): void {
    this.#leftOut.set(id, why)
    if (this.#leftOut.size <= remembered) return
    for (const oldest of this.#leftOut.keys()) {
      this.#leftOut.delete(oldest)
      return
    }
  }

  /** It has settled: what comes of it later is judged again. */
  forget(eventId: string): void {
    this.#leftOut.delete(eventId)
  }

  #passes(first: LogRecord, id: string): boolean {
    let passes: unknown = false
    callListener((record) => (passes = this.#options.filter(record)), first, this.#failed)
    // A promise says neither yes nor no in time.
    if (Boolean(passes) && !types.isPromise(passes)) return true
    this.leaveOut(id, 'filtered')
    return false
  }
}
