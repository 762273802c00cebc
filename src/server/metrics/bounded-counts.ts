/** Counts by a name that users choose. So many names are told apart, the first there were; all others are counted as one. */
export class BoundedCounts {
  readonly #limit: number
  readonly #byName = new Map<string, number>()
  #others = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  add(name: string): void {
    const count = this.#byName.get(name)
    if (count !== undefined) this.#byName.set(name, count + 1)
    else if (this.#byName.size < this.#limit) this.#byName.set(name, 1)
    else this.#others += 1
  }

  /** What was counted by name; under `rest` what was not told apart, if there is any. */
  *entries(rest: string): Iterable<readonly [name: string, count: number]> {
    const named = this.#byName.get(rest) ?? 0
    for (const entry of this.#byName) if (entry[0] !== rest) yield entry
    if (named + this.#others > 0) yield [rest, named + this.#others]
  }
}
