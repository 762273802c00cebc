/** A request that is open: it arrived, and was neither answered nor given up by the client. */
export interface OpenRequest {
  /** The client closed the connection. */
  readonly gone: boolean
}

/**
 * The most requests that were open at once.
 *
 * A client that gives up a request and sends the next at once may have the next seen here first, because the two
 * connections are read in no fixed order. So a new peak is only believed after a few turns of the event loop, and
 * those who turn out to be gone by then do not count: see `believe`.
 */
export class InFlightGauge {
  readonly #open = new Set<OpenRequest>()
  #peak = 0

  get peak(): number {
    return this.#peak
  }

  /** Counts the request in. Returns who was open with it, if that would be a new peak, else null. */
  enter(request: OpenRequest): readonly OpenRequest[] | null {
    this.#open.add(request)
    return this.#open.size > this.#peak ? [...this.#open] : null
  }

  leave(request: OpenRequest): void {
    this.#open.delete(request)
  }

  /** Takes what `enter` returned as the peak, but for those that are gone now. */
  believe(together: readonly OpenRequest[]): void {
    let count = 0
    for (const request of together) if (!request.gone) count += 1
    if (count > this.#peak) this.#peak = count
  }
}
