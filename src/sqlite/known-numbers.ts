/** So many ids are remembered at most, and at least half as many. */
const mostKnown = 40_000

/**
 * Numbers by id, of those ids that were used last. Two maps, of which the older is forgotten whole: to remove a map's first
 * key over and over would walk over all that were removed before it.
 */
export class KnownNumbers {
  readonly #limit: number
  #recent = new Map<string, number>()
  #older = new Map<string, number>()

  constructor(limit = mostKnown) {
    this.#limit = limit
  }

  get(id: string): number | undefined {
    const recent = this.#recent.get(id)
    if (recent !== undefined) return recent
    const older = this.#older.get(id)
    if (older !== undefined) this.set(id, older)
    return older
  }

  set(id: string, number: number): void {
    if (this.#recent.size * 2 >= this.#limit) {
      this.#older = this.#recent
      this.#recent = new Map()
    }
    this.#recent.set(id, number)
  }

  delete(id: string): void {
    this.#recent.delete(id)
    this.#older.delete(id)
  }

  clear(): void {
    this.#recent.clear()
    this.#older.clear()
  }
}
