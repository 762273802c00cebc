import type { RestingDelivery } from '../../machines/sequencer.ts'
import { codes, wholeNumbers } from './column.ts'
import { deliveryStatuses, statusCode } from './delivery-statuses.ts'

/**
 * The state of every event while a log is folded, in a few bytes each: only what decides where the next record leads. The
 * times and errors in a state are left out; they stand in the records.
 */
export class EventStates {
  readonly #statuses = codes()
  readonly #attempts = wholeNumbers()
  readonly #left = wholeNumbers()
  readonly #holdsLine = codes()

  /** Of an event beyond those that were put: null. */
  get(event: number): RestingDelivery | null {
    if (event < 0 || event >= this.#statuses.length) return null
    const left = this.#left.at(event)
    return {
      value: deliveryStatuses[this.#statuses.at(event)] ?? 'pending',
      context: {
        attempts: this.#attempts.at(event),
        budget: left,
        left,
        lastError: null,
        deliveredAt: null,
        retryAt: null,
        holdsLine: this.#holdsLine.at(event) === 1,
      },
    }
  }

  put(event: number, { value, context }: RestingDelivery): void {
    while (this.#statuses.length <= event) this.#grow()
    this.#statuses.set(event, statusCode(value))
    this.#attempts.set(event, context.attempts)
    this.#left.set(event, context.left)
    this.#holdsLine.set(event, context.holdsLine ? 1 : 0)
  }

  #grow(): void {
    this.#statuses.push(0)
    this.#attempts.push(0)
    this.#left.push(0)
    this.#holdsLine.push(0)
  }
}
