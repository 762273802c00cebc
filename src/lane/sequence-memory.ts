/**
 * The last place given in lines that are forgotten because nothing waits in them. Bounded: beyond the limit the line that
 * was idle longest starts again from 1.
 */
export class SequenceMemory {
  readonly #limit: number
  readonly #places = new Map<string, number>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Takes a line's place out of memory; 0 when it was never here, or not any more. */
  recall(endpointId: string, laneKey: string): number {
    const line = nameOf(endpointId, laneKey)
    const place = this.#places.get(line) ?? 0
    this.#places.delete(line)
    return place
  }

  remember(endpointId: string, laneKey: string, place: number): void {
    if (this.#places.size >= this.#limit) this.#forgetOldest()
    this.#places.set(nameOf(endpointId, laneKey), place)
  }

  /** A tenth at once: removing a map's first key over and over would walk over all that were removed before it. */
  #forgetOldest(): void {
    let surplus = this.#places.size + 1 - this.#limit + Math.floor(this.#limit / 10)
    for (const line of this.#places.keys()) {
      if (surplus <= 0) return
      this.#places.delete(line)
      surplus -= 1
    }
  }
}

/** An endpoint id holds no space, so no two lines share a name. */
function nameOf(endpointId: string, laneKey: string): string {
  return `${endpointId} ${laneKey}`
}
