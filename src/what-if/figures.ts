/** What came of some events. */
export interface Figures {
  readonly events: number
  readonly delivered: number
  /** Refused for good. */
  readonly failed: number
  /** Given up when their attempts ran out. */
  readonly deadLettered: number
  /** Not settled at the end. */
  readonly unsettled: number
  readonly attempts: number
  readonly attemptsPerEvent: number
  /** From submission to the first delivery, of the events that were delivered; null when none was. */
  readonly lagMs: Percentiles | null
  /** The most that were not settled at one time. */
  readonly mostUnsettled: number
  /** From the first submission to the last record of an event. */
  readonly makespanMs: number
}

/** By nearest rank. */
export interface Percentiles {
  readonly p50: number
  readonly p99: number
  readonly worst: number
}
