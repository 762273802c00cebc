/** What became of the records a feed has heard of, one count for each outcome. */
export interface StatelyStats {
  /** Records heard of. */
  readonly seen: number
  /** Records of events and endpoints that are shown. */
  readonly shown: number
  /** Records of events in which nobody was an actor yet, or any more: submissions, and redeliveries of settled events. */
  readonly resting: number
  /** Records of events and endpoints left out by `filter` or `sample`. */
  readonly filtered: number
  /**
   * Records left out because there were too many (more than `maxEventsPerSecond`, or than could wait), because the log had
   * let go of what came before them, or because showing them failed.
   */
  readonly dropped: number
  /** Errors swallowed: of the filter, of the inspector, of a viewer's connection. None reached a delivery. */
  readonly failures: number
  /** Messages made for viewers. */
  readonly messages: number
}

/** Counts that go up as a feed works. */
export type FeedCounts = { -readonly [Name in keyof StatelyStats]: StatelyStats[Name] }

export function createFeedCounts(): FeedCounts {
  return { seen: 0, shown: 0, resting: 0, filtered: 0, dropped: 0, failures: 0, messages: 0 }
}
