import type { TransitionLog } from './transition-log.ts'
import type { EndpointTransition, EndpointTransitionDraft, Transition, TransitionDraft } from './transition.ts'

/** The home of a log: what a place must do to keep one. */
export interface LogHome extends TransitionLog {
  /** Whether what was appended survives the process. */
  readonly durable: boolean
  /** Numbers and stores one record. When it throws, nothing was stored. */
  append(draft: TransitionDraft): Transition
  /** Numbers and stores several records in a row: all of them, or, when it throws, none. */
  appendAll(drafts: readonly TransitionDraft[]): readonly Transition[]
  /** Removes one event's records, all of them. Only retention calls it, and only for settled events. */
  evict(eventId: string): void
  /** Numbers and stores one record of an endpoint's own. When it throws, nothing was stored. */
  appendEndpoint(draft: EndpointTransitionDraft): EndpointTransition
  /** Removes one record of an endpoint's own, the oldest there is of its machine. Only retention calls it. */
  evictEndpointRecord(seq: number): void
  /** Resolves when all that was appended before is as durable as this home makes it. */
  flush(): Promise<void>
  /** Hears what a subscriber throws. */
  onListenerError(report: (error: unknown) => void): void
}
