import type { EndpointFilter, TransitionFilter } from './transition-filter.ts'
import type { EndpointTransition, Transition } from './transition.ts'

/** The log as everyone may read it. */
export interface TransitionLog {
  /**
   * The records of events that are kept, in the order of their `seq`. Safe to iterate while deliveries go on.
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
  /**
   * The records kept of endpoints' own steps: paused, resumed, failing, disabled; the breaker open and closed. They are
   * numbered together with those of `entries`.
   *
   * @throws InvalidOptionError
   */
  endpointEntries(filter?: EndpointFilter): Iterable<EndpointTransition>
  /**
   * The greatest `seq` of all records of events that retention, or `removeEvent`, has removed; 0 while it has removed none. After
   * it, `entries` has every record of an event that there ever was: other numbers that it leaves out were never an event's.
   */
  readonly lastEvictedSeq: number
  /** Like `subscribe`, for endpoints' own records. @throws InvalidOptionError */
  subscribeToEndpoints(listener: (transition: EndpointTransition) => void): () => void
}
