/** Where places that are durable stand. */
export interface StoredSequences {
  /** Whether every place that was given is durable. */
  readonly allDurable: boolean
  lastSequence(endpointId: string, laneKey: string): number
}

/**
 * The last place given in lines that are forgotten because nothing waits in them. Bounded: beyond the limit the lines that
 * were idle longest are forgotten, and then all forgotten lines of their endpoint go on after the highest of their places.
 * So a line may skip places, and never gives one twice: to a receiver, a place that comes again is a redelivery.
 */
export class SequenceMemory {
  readonly #limit: number
  readonly #places = new Map<string, number>()
  /** By endpoint: the highest place that was forgotten. */
  readonly #forgotten = new Map<string, number>()
  readonly #stored: StoredSequences | null

  /** With `stored`, what is durable can be asked for again: places are forgotten without a trace. */
  constructor(limit: number, stored: StoredSequences | null = null) {
    this.#limit = limit
    this.#stored = stored
  }

  /** Takes a line's place out of memory; where it is not known any more, none that the line was given is higher. */
  recall(endpointId: string, laneKey: string): number {
    const line = nameOf(endpointId, laneKey)
    const place = this.#places.get(line) ?? this.#former(endpointId, laneKey)
    this.#places.delete(line)
    return place
  }

  remember(endpointId: string, laneKey: string, place: number): void {
    if (this.#places.size >= this.#limit && this.#stored?.allDurable !== false) this.#forgetOldest()
    this.#places.set(nameOf(endpointId, laneKey), place)
  }

  #former(endpointId: string, laneKey: string): number {
    return this.#stored?.lastSequence(endpointId, laneKey) ?? this.#forgotten.get(endpointId) ?? 0
  }

  /** A tenth at once: removing a map's first key over and over would walk over all that were removed before it. */
  #forgetOldest(): void {
    let surplus = this.#places.size + 1 - this.#limit + Math.floor(this.#limit / 10)
    for (const [line, place] of this.#places) {
      if (surplus <= 0) return
      this.#places.delete(line)
      if (this.#stored === null) this.#forget(line.slice(0, line.indexOf(' ')), place)
      surplus -= 1
    }
  }

  /** What is known of endpoints that long ago were the last to forget a line goes first: they are removed, most likely. */
  #forget(endpointId: string, place: number): void {
    const highest = Math.max(place, this.#forgotten.get(endpointId) ?? 0)
    this.#forgotten.delete(endpointId)
    this.#forgotten.set(endpointId, highest)
    if (this.#forgotten.size <= this.#limit) return
    for (const oldest of this.#forgotten.keys()) {
      this.#forgotten.delete(oldest)
      return
    }
  }
}

/** An endpoint id holds no space, so no two lines share a name. */
function nameOf(endpointId: string, laneKey: string): string {
  return `${endpointId} ${laneKey}`
}
