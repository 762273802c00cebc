import { callListener } from '../notices/call-listener.ts'
import { refuseOption } from '../options/refuse-option.ts'
import type { Transition } from './transition.ts'

type Listener = (transition: Transition) => void

/**
 * Tells subscribers of appended records, in order and a microtask later: a listener may call the service, and must not
 * find it in the middle of a step.
 */
export class Publisher {
  readonly #listeners = new Set<{ readonly hear: Listener }>()
  #report: (error: unknown) => void = () => undefined
  #unpublished: Transition[] = []

  publish(transition: Transition): void {
    if (this.#listeners.size === 0) return
    if (this.#unpublished.push(transition) === 1) queueMicrotask(this.#tell)
  }

  /** @throws InvalidOptionError */
  subscribe(hear: Listener): () => void {
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
    const transitions = this.#unpublished
    this.#unpublished = []
    for (const transition of transitions) {
      // A copy: one that ends its subscription and starts it anew as it hears would otherwise be told for ever.
      for (const subscription of [...this.#listeners]) {
        if (!this.#listeners.has(subscription)) continue
        callListener(subscription.hear, transition, this.#report)
      }
    }
  }
}
