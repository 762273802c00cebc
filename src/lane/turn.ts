import type { Linked } from '../collections/linked-list.ts'
import type { TurnTaker } from './turn-taker.ts'

/** One of the service's requests, as a lane holds it: made once for each lane, used for attempt after attempt. */
export class Turn implements Linked<Turn> {
  // Its place among the attempts in flight that are not slow.
  previous: Turn | null = null
  next: Turn | null = null
  readonly taker: TurnTaker
  /** On the monotonic clock. */
  startedAt = 0
  slow = false
  exploring = false

  constructor(taker: TurnTaker) {
    this.taker = taker
  }
}
