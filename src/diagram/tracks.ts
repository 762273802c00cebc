// The lines in the gap between two columns. Each that changes its height there does so on a track; lines that would touch take
// different tracks, in the order in which they cross least.

/** A line through a gap, from its height at the left column to that at the right one, whichever way it is drawn. */
export interface Passage {
  readonly leftY: number
  readonly rightY: number
}

/** Tracks are numbered from the left, from 0. */
export interface Tracks<APassage> {
  readonly count: number
  /** No track for a line that goes straight on. */
  readonly trackOf: ReadonlyMap<APassage, number>
}

const clearance = 8
/** Worse than any number of crossings: two lines drawn as one. */
const overlap = 1000
const rounds = 3

export function layTracks<APassage extends Passage>(passages: readonly APassage[]): Tracks<APassage> {
  const trackOf = new Map<APassage, number>()
  let count = 0
  for (const passage of inOrder(passages.filter(({ leftY, rightY }) => leftY !== rightY))) {
    let track = 0
    for (const [earlier, taken] of trackOf) {
      if (areNear(earlier, passage)) track = Math.max(track, taken + 1)
    }
    trackOf.set(passage, track)
    count = Math.max(count, track + 1)
  }
  return { count, trackOf }
}

/** Puts each where it costs least, and then again, since those that came later may have changed that. */
function inOrder<APassage extends Passage>(passages: readonly APassage[]): readonly APassage[] {
  let ordered: readonly APassage[] = []
  for (let round = 0; round < rounds; round++) {
    for (const passage of passages) {
      const others = ordered.filter((other) => other !== passage)
      const place = cheapestPlace(passage, others)
      ordered = [...others.slice(0, place), passage, ...others.slice(place)]
    }
  }
  return ordered
}

function cheapestPlace(passage: Passage, others: readonly Passage[]): number {
  let best = 0
  let cost = 0
  let leastCost = 0
  // Counted from the leftmost place: each step to the right leaves one more of the others on the left.
  others.forEach((other, index) => {
    cost += costOf(other, passage) - costOf(passage, other)
    if (cost < leastCost) [best, leastCost] = [index + 1, cost]
  })
  return best
}

/**
 * What it costs to have `first` turn to the left of `second`: between the two turns one goes on at its new height, while the other
 * is still at its old one. Two lines that change places exactly cannot be kept quite apart.
 */
function costOf(first: Passage, second: Passage): number {
  const apart = Math.abs(first.rightY - second.leftY)
  return (
    Math.max(0, 1 - apart / clearance) * overlap +
    (isWithin(first.rightY, second) ? 1 : 0) +
    (isWithin(second.leftY, first) ? 1 : 0)
  )
}

function isWithin(y: number, { leftY, rightY }: Passage): boolean {
  return Math.min(leftY, rightY) < y && y < Math.max(leftY, rightY)
}

function areNear(one: Passage, other: Passage): boolean {
  return (
    Math.min(one.leftY, one.rightY) < Math.max(other.leftY, other.rightY) + clearance &&
    Math.min(other.leftY, other.rightY) < Math.max(one.leftY, one.rightY) + clearance
  )
}
