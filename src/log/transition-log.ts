import type { Transition } from './transition.ts'

export interface TransitionFilter {
  readonly eventId?: string
  readonly endpointId?: string
  /** The first `seq` wanted. */
  readonly fromSeq?: number
}

/** The log as everyone may read it. */
export interface TransitionLog {
  /** The records kept, in the order of their `seq`. Safe to iterate while deliveries go on. */
  entries(filter?: TransitionFilter): Iterable<Transition>
  /**
   * Calls `listener` with each record soon after it is appended (in the next microtask), in order. What the listener
   * throws is reported as the service event `listenerFailed` and harms nothing.
   *
   * @returns a function that ends the subscription
   */
  subscribe(listener: (transition: Transition) => void): () => void
}
