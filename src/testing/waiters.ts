interface Waiter {
  readonly holds: () => boolean
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** Promises that wait for a condition. Nothing is polled: whoever changes something calls `check`. */
export class Waiters {
  readonly #waiting = new Set<Waiter>()
  #closed: Error | null = null

  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (holds()) resolve()
      else if (this.#closed !== null) reject(this.#closed)
      else this.#waiting.add({ holds, resolve, reject })
    })
  }

  check(): void {
    for (const waiter of this.#waiting) {
      try {
        if (!waiter.holds()) continue
        waiter.resolve()
      } catch (error) {
        waiter.reject(error)
      }
      this.#waiting.delete(waiter)
    }
  }

  /** Nothing will change any more. */
  close(reason: Error): void {
    this.#closed = reason
    for (const waiter of this.#waiting) waiter.reject(reason)
    this.#waiting.clear()
  }
}
