/** An actor, or several, that stand for those of a service. */
export interface Shadow {
  /** Viewers see it stop. */
  stop(): void
}

/** A bounded number of shadows by name. When there are too many, the one that was used the longest ago is stopped. */
export class RecentShadows<T extends Shadow> {
  readonly #limit: number
  /** The one used the longest ago first. */
  readonly #shadows = new Map<string, T>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Counts as a use. */
  get(name: string): T | undefined {
    const shadow = this.#shadows.get(name)
    if (shadow === undefined) return undefined
    this.#shadows.delete(name)
    this.#shadows.set(name, shadow)
    return shadow
  }

  add(name: string, shadow: T): void {
    this.#shadows.set(name, shadow)
    if (this.#shadows.size <= this.#limit) return
    for (const oldest of this.#shadows.keys()) {
      this.remove(oldest)
      return
    }
  }

  remove(name: string): void {
    const shadow = this.#shadows.get(name)
    this.#shadows.delete(name)
    shadow?.stop()
  }

  clear(): void {
    for (const name of [...this.#shadows.keys()]) this.remove(name)
  }

  values(): IterableIterator<T> {
    return this.#shadows.values()
  }
}
