import type { TransitionFilter } from './transition-filter.ts'
import type { Transition } from './transition.ts'

/** The log as everyone may read it. */
export interface TransitionLog {
  /**
   * The records kept, in the order of their `seq`. Safe to iterate while deliveries go on.
   *
   * @throws InvalidOptionError
   */
  entries(filter?: TransitionFilter): Iterable<Transition>
  /**
   * Calls `listener` with each record soon after it is appended (in the next microtask), in order. What the listener
   * throws is reported as the service event `listenerFailed` and harms nothing.
   *
   * @returns a function that ends the subscription
   * @throws InvalidOptionError
   */
  subscribe(listener: (transition: Transition) => void): () => void
}
