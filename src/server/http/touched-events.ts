/** As many are named; of a request that made more, how many they were. */
const mostNamed = 20

/**
 * The events that a request has made or changed, for its line in the log: by the id of one, whoever looks finds the request. No
 * longer than a line may be, however many they are.
 */
export class TouchedEvents {
  readonly #ids: string[] = []
  #count = 0

  add(eventId: string): void {
    this.#count += 1
    if (this.#ids.length < mostNamed) this.#ids.push(eventId)
  }

  /** What the line says of them: nothing where there are none. */
  get fields(): { readonly eventIds?: readonly string[]; readonly eventCount?: number } {
    if (this.#count === 0) return {}
    return this.#count > mostNamed ? { eventIds: this.#ids, eventCount: this.#count } : { eventIds: this.#ids }
  }
}
