import type { Linked } from '../collections/linked-list.ts'

/**
 * How long an endpoint's attempts hold one of the service's requests, whatever comes of them:
 *
 * - `untried`: none has ended yet in this process, and none in flight is slow
 * - `prompt`: the last one to end took less than `slowAttemptMs`, and none in flight is slow
 * - `slow`: the last one to end took as long or longer, or one in flight has
 */
export type Pace = 'untried' | 'prompt' | 'slow'

/** Someone who takes turns: an endpoint with its lanes. What it carries here is for the turns alone to change. */
export abstract class TurnTaker implements Linked<TurnTaker> {
  // Its place among the waiting of its pace.
  previous: TurnTaker | null = null
  next: TurnTaker | null = null
  inRing = false
  /** When it came to the ring: the lower, the earlier. */
  ticket = 0
  pace: Pace = 'untried'
  /** Its attempts in flight. */
  inFlight = 0
  /** Those of them that are slow already. */
  slowInFlight = 0
  /** How long the service's rate limit had held turns, when it came to the ring. */
  limitHeldBefore = 0
  /** How long the service's rate limit has held turns while it stood in the ring, over all its times there. */
  limitHeldMs = 0

  /** Whether it would start an attempt now, had it a turn and no rate limit. */
  abstract get wantsTurn(): boolean

  /**
   * Starts one attempt, if it has any that may start, between `begin` and (should it not start after all) `giveBack`.
   * Returns whether it wants another turn.
   */
  abstract takeTurn(): boolean

  /** It would have a turn now, but for the service's rate limit, which holds it for `waitMs`. */
  abstract turnHeld(waitMs: number): void
}
