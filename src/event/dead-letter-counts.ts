/** How many dead letters each endpoint has, or how many more or fewer than someone else knows of. */
export class DeadLetterCounts {
  /** None is 0. */
  readonly #counts = new Map<string, number>()

  of(endpointId: string): number {
    return this.#counts.get(endpointId) ?? 0
  }

  change(endpointId: string, by: 1 | -1): void {
    const count = this.of(endpointId) + by
    if (count === 0) this.#counts.delete(endpointId)
    else this.#counts.set(endpointId, count)
  }
}
