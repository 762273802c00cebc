import type { EventRecord } from '../event/event-record.ts'
import type { FoldedEndpoint } from '../replay/fold-endpoint.ts'

/** A line as it was before a restart. */
export interface FormerLine {
  readonly laneKey: string
  /** The events that are not settled, in their order. */
  readonly waiting: readonly EventRecord[]
  readonly haltedBy: EventRecord | null
  /** When the head's last record was written, ISO 8601. */
  readonly headMovedAt: string
  /** The last place given in it, where it is the line of an ordering key; else 0. */
  readonly lastSequence: number
}

/** An endpoint as it was before a restart. */
export interface FormerEndpoint {
  readonly health: FoldedEndpoint
  /** Those in which events wait, or that a dead letter holds. */
  readonly lines: readonly FormerLine[]
  /** The last place given to an event that is in no ordering key's line. */
  readonly lastSequence: number
  /** The last places given in the lines of ordering keys, by lane key. */
  readonly keySequences: ReadonlyMap<string, number>
}
