// Keeps a flood of trouble from becoming a flood of alerts. One of a kind about an endpoint goes out at once; those that
// follow within a while are counted, and told of together when it is over. Holds no clock.
import type { Alert } from './alert.ts'

interface Window {
  readonly endsAtMs: number
  withheld: number
  last: Alert | null
}

/** Kinds and endpoints told apart at once; beyond, all endpoints of a kind are one. */
const mostWindows = 30

export class AlertThrottle {
  readonly #everyMs: number
  /** In the order in which they end: all are equally long. */
  readonly #windows = new Map<string, Window>()

  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  /** Whether it goes out now; otherwise it is withheld. Times are the clock's monotonic ones. */
  admit(alert: Alert, nowMs: number): boolean {
    const key = this.#keyOf(alert)
    const window = this.#windows.get(key)
    if (window === undefined) {
      this.#windows.set(key, { endsAtMs: nowMs + this.#everyMs, withheld: 0, last: null })
      return true
    }
    window.withheld += 1
    window.last = alert
    return false
  }

  /** When the first window ends; null when there is none. */
  get nextEndMs(): number | null {
    for (const { endsAtMs } of this.#windows.values()) return endsAtMs
    return null
  }

  /** Ends the windows that are over by now, and sums up what they withheld: that goes out, and begins a window of its own. */
  takeDue(nowMs: number): Alert[] {
    const due: Alert[] = []
    for (const [key, window] of [...this.#windows]) {
      if (window.endsAtMs > nowMs) break
      this.#windows.delete(key)
      const summary = summaryOf(window)
      if (summary === null) continue
      due.push(summary)
      this.#windows.set(key, { endsAtMs: nowMs + this.#everyMs, withheld: 0, last: null })
    }
    return due
  }

  /** Sums up whatever is withheld, and forgets all. */
  takeAll(): Alert[] {
    const windows = [...this.#windows.values()]
    this.#windows.clear()
    return windows.map(summaryOf).filter((summary) => summary !== null)
  }

  #keyOf({ kind, endpointId }: Alert): string {
    const own = `${kind} ${endpointId ?? ''}`
    return this.#windows.has(own) || this.#windows.size < mostWindows ? own : kind
  }
}

/** The last one stands for all. */
function summaryOf({ last, withheld }: Window): Alert | null {
  return last === null ? null : { ...last, more: withheld - 1 }
}
