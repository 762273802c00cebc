import type { Reach, TransportFailureReason } from '../transport/transport.ts'

/** What an endpoint did with one request, as far as the log tells. */
export type RecordedAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | null }
  | {
      readonly kind: 'failed'
      readonly reason: Exclude<TransportFailureReason, 'timeout' | 'aborted'>
      readonly message: string
      readonly reach: Reach
    }
  /** Nothing, until the deadline. How long it would have taken nobody knows. */
  | { readonly kind: 'silent' }

/** One recorded attempt: what it tells of its endpoint at that time. */
export interface Observation {
  readonly event: number
  readonly startMs: number
  readonly durationMs: number
  readonly answer: RecordedAnswer
}

/** Of an endpoint of which nothing is known. */
export const acceptsAtOnce: Observation = {
  event: -1,
  startMs: 0,
  durationMs: 0,
  answer: { kind: 'answered', status: 200, retryAfterMs: null },
}

/**
 * How an endpoint behaved, over time, as its recorded attempts tell. At any moment it does what it did with the last
 * attempt that had started by then; before the first, what it did with the first.
 */
export class EndpointHistory {
  readonly #observations: Observation[] = []
  #sorted = true

  get size(): number {
    return this.#observations.length
  }

  /** In any order: attempts end in another order than they start in. */
  add(observation: Observation): void {
    const last = this.#observations.at(-1)
    if (last !== undefined && last.startMs > observation.startMs) this.#sorted = false
    this.#observations.push(observation)
  }

  /** What the endpoint does with an attempt of `event` that starts at `atMs`. Its own of that very moment comes first. */
  at(atMs: number, event: number): Observation {
    this.#sort()
    const index = this.#lastStartedBy(atMs)
    for (let own = index; own >= 0; own -= 1) {
      const observation = this.#observations[own]
      if (observation?.startMs !== atMs) break
      if (observation.event === event) return observation
    }
    return this.#observations[Math.max(index, 0)] ?? acceptsAtOnce
  }

  #sort(): void {
    if (this.#sorted) return
    this.#observations.sort((one, other) => one.startMs - other.startMs)
    this.#sorted = true
  }

  /** -1 when none had. */
  #lastStartedBy(atMs: number): number {
    let low = 0
    let high = this.#observations.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#observations[middle]?.startMs ?? Infinity) <= atMs) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
