import type { Random } from '../../random/random.ts'

/** What the receiver does with a request that it has no reason to refuse. */
export type Fate = 'accept' | 'fail' | 'hang'

/** What share of the requests is to fail, and to hang, on purpose: each from 0 to 1, together at most 1. */
export interface FateShares {
  readonly fail: number
  readonly hang: number
}

/** One draw for each request, so that a seed gives the same fates whatever the shares of the others are. */
export function drawFate(random: Random, { fail, hang }: FateShares): Fate {
  const drawn = random()
  if (drawn < fail) return 'fail'
  return drawn < fail + hang ? 'hang' : 'accept'
}
