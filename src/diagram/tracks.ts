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

/** Neighbours change places for as long as that makes it better. */
function inOrder<APassage extends Passage>(passages: readonly APassage[]): readonly APassage[] {
  const ordered: APassage[] = []
  for (const passage of passages) {
    let best = ordered.length
    let bestCost = Infinity
    for (let place = 0; place <= ordered.length; place++) {
      const cost = ordered.reduce(
        (sum, other, index) => sum + (index < place ? costOf(other, passage) : costOf(passage, other)),
        0,
      )
      if (cost < bestCost) [best, bestCost] = [place, cost]
    }
    ordered.splice(best, 0, passage)
  }
  return ordered
}

/** What it costs to have `first` turn to the left of `second`. */
function costOf(first: Passage, second: Passage): number {
  const isDrawnAsOne = Math.abs(first.rightY - second.leftY) < clearance
  return (
    (isDrawnAsOne ? overlap : 0) + (isWithin(first.rightY, second) ? 1 : 0) + (isWithin(second.leftY, first) ? 1 : 0)
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
