import { callListener } from '../notices/call-listener.ts'
import { refuseOption } from '../options/refuse-option.ts'
import type { LogRecord } from './transition.ts'

/**
 * Tells subscribers of appended records, in order and a microtask later: a listener may call the service, and must not
 * find it in the middle of a step.
 */
export class Publisher<TRecord extends LogRecord> {
  readonly #listeners = new Set<{ readonly hear: (record: TRecord) => void }>()
  #report: (error: unknown) => void = () => undefined
  #unpublished: TRecord[] = []

  publish(record: TRecord): void {
    if (this.#listeners.size === 0) return
    if (this.#unpublished.push(record) === 1) queueMicrotask(this.#tell)
  }

  /** @throws InvalidOptionError */
  subscribe(hear: (record: TRecord) => void): () => void {
    if (typeof hear !== 'function') refuseOption('listener', 'must be a function', hear)
    // An object of its own, so that the same function may subscribe twice.
    const subscription = { hear }
    this.#listeners.add(subscription)
    return () => {
      this.#listeners.delete(subscription)
    }
  }

  onListenerError(report: (error: unknown) => void): void {
    this.#report = report
  }

  readonly #tell = (): void => {
    const records = this.#unpublished
    this.#unpublished = []
    for (const record of records) {
      // A copy: one that ends its subscription and starts it anew as it hears would otherwise be told for ever.
      for (const subscription of [...this.#listeners]) {
        if (!this.#listeners.has(subscription)) continue
        callListener(subscription.hear, record, this.#report)
      }
    }
  }
}
