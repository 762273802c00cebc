import type { StoredEndpoints } from './stored-endpoints.ts'
import type { StoredEvents } from './stored-events.ts'
import type { TransitionLog } from './transition-log.ts'
import type { EndpointTransition, EndpointTransitionDraft, Transition, TransitionDraft } from './transition.ts'

/** How a durable home is: it takes records; it holds what it could not write yet, and takes no submissions; it has stopped for good. */
export type LogCondition = 'writable' | 'held' | 'stopped'

/** What a home takes on disk. */
export interface LogSize {
  readonly fileBytes: number
  /** What is committed and not yet moved into the file. */
  readonly walBytes: number
}

/** The home of a log: what a place must do to keep one. The optional members are those of homes that outlive the process. */
export interface LogHome extends TransitionLog {
  /** Whether what was appended survives the process. */
  readonly durable: boolean
  /** Numbers and stores one record. When it throws, nothing was stored. */
  append(draft: TransitionDraft): Transition
  /** Numbers and stores several records in a row: all of them, or, when it throws, none. */
  appendAll(drafts: readonly TransitionDraft[]): readonly Transition[]
  /** Removes one event's records, all of them. Only retention calls it, or a person's `removeEvent`, and only for settled events. */
  evict(eventId: string): void
  /** Numbers and stores one record of an endpoint's own. When it throws, nothing was stored. */
  appendEndpoint(draft: EndpointTransitionDraft): EndpointTransition
  /** Removes one record of an endpoint's own, the oldest there is of its machine. Only retention calls it. */
  evictEndpointRecord(seq: number): void
  /** Resolves when all that was appended before is as durable as this home makes it. */
  flush(): Promise<void>
  /** Hears what a subscriber throws. */
  onListenerError(report: (error: unknown) => void): void
  /**
   * Calls `act` once all that was appended so far is durable, in the order of the calls; or with the error, when it never
   * will be. Never within the call itself, nor within another call of this home. A home without it is acted on at once.
   */
  afterCommit?(act: (error: Error | null) => void): void
  /** Events that it finds by itself, so that they need not be held in memory. */
  readonly storedEvents?: StoredEvents
  /** Endpoints that it keeps for the next start. */
  readonly storedEndpoints?: StoredEndpoints
  readonly condition?: LogCondition
  /** Hears of each change of `condition`; `error` says why, and is null when it is `'writable'` again. */
  onCondition?(report: (condition: LogCondition, error: Error | null) => void): void
  size?(): LogSize
  /** Makes durable what was appended, and lets go of the home. Nothing can be read or appended after. */
  close?(): Promise<void>
}
