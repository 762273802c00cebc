/** How much of what waits a service holds in memory, where the log's home keeps the rest. */
export interface WindowSizes extends LaneWindowSizes {
  /**
   * Waiting events, over all lines (`limits.eventsInMemory`). Once memory holds so many, it takes in no more than each line
   * and endpoint need to go on.
   */
  readonly events: number
}

/** The same for one line, and for one endpoint. */
export interface LaneWindowSizes {
  /** Waiting events of one line; and while memory is full. */
  readonly line: number
  readonly fullLine: number
  /**
   * What is submitted to a line stays in memory beyond `line`, while the line holds less than this share of the room that is
   * left: a line alone may fill much of it, and many leave some to each other. The rule is that of dynamic thresholds for
   * buffers that are shared (Choudhury and Hahne, 1998).
   */
  readonly roomShare: number
  /** Lines of one endpoint that are ready to go on, beyond those it may deliver side by side; and while memory is full. */
  readonly lines: number
  readonly fullLines: number
  /** Events read at once in search of lines that can go on. */
  readonly page: number
  /**
   * Events of a removed endpoint that are settled within the call that removes it, and in one go after that, with the event
   * loop left to others in between.
   */
  readonly removedAtOnce: number
  readonly removedAtATime: number
}

export const windowSizes: LaneWindowSizes = Object.freeze({
  line: 32,
  // The head, and the one that is to follow it in the same step.
  fullLine: 2,
  roomShare: 1 / 8,
  lines: 64,
  fullLines: 2,
  page: 64,
  removedAtOnce: 500,
  // Some milliseconds.
  removedAtATime: 128,
})
