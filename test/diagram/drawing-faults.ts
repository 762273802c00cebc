import type { Box, Point } from '../../src/diagram/box.ts'
import type { DiagramLayout, PlacedArrow } from '../../src/diagram/layout.ts'

/** A rectangle by its edges; a line is one without height or without width. */
interface Extent {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** A straight piece of an arrow's line. */
interface Piece extends Extent {
  readonly arrow: string
  readonly isLevel: boolean
}

/** A hair's breadth, for what only rounds differently. */
const hair = 0.5

/** What is wrong with a drawing: boxes that overlap, lines that run through boxes, along each other, or end in the open. */
export function drawingFaults(layout: DiagramLayout): readonly string[] {
  return [...boxFaults(layout), ...lineFaults(layout), ...layout.arrows.flatMap((arrow) => endFaults(arrow, layout))]
}

function boxFaults(layout: DiagramLayout): string[] {
  const page = { left: 0, top: 0, right: layout.width, bottom: layout.height }
  return namedBoxes(layout).flatMap(([name, box], index, all) => {
    const overlapped = all.slice(index + 1).filter(([, other]) => overlap(box, other))
    const faults = overlapped.map(([other]) => `${name} overlaps ${other}`)
    return contains(page, box) ? faults : [...faults, `${name} is not on the page`]
  })
}

function lineFaults(layout: DiagramLayout): string[] {
  const boxes = namedBoxes(layout)
  return layout.arrows.flatMap(piecesOf).flatMap((piece, index, all) => {
    const touched = boxes.filter(([, box]) => overlap(box, piece)).map(([box]) => `${piece.arrow} runs through ${box}`)
    const others = all.slice(index + 1).filter((other) => other.arrow !== piece.arrow && runTogether(piece, other))
    return [...touched, ...others.map((other) => `${piece.arrow} and ${other.arrow} are drawn as one line`)]
  })
}

/** Each part of a line begins and ends at the edge of its state or its label. */
function endFaults(placed: PlacedArrow, { states, start }: DiagramLayout): string[] {
  const boxOf = (name: string | undefined): Box => states.find(({ state }) => state.name === name)?.box ?? start
  const [first, last] = [placed.route[0] ?? [], placed.route.at(-1) ?? []]
  const target = placed.arrow === null ? null : boxOf(placed.arrow.to)
  const ends: [string, Point | undefined, Box | null][] = [
    ['leaves its source', first[0], boxOf(placed.arrow?.from)],
    ['reaches its target', last.at(-1), target],
    ['reaches its label', placed.label === null ? undefined : first.at(-1), placed.label],
    ['leaves its label', placed.label === null ? undefined : last[0], placed.label],
  ]
  return ends.flatMap(([what, point, box]) =>
    point === undefined || box === null || isOnEdge(point, extentOf(box)) ? [] : [`${nameOf(placed)} never ${what}`],
  )
}

function namedBoxes({ states, arrows, start }: DiagramLayout): [string, Extent][] {
  return [
    ['the start', extentOf(start)],
    ...states.map(({ state, box }): [string, Extent] => [`"${state.name}"`, extentOf(box)]),
    ...arrows.flatMap((placed): [string, Extent][] =>
      placed.label === null ? [] : [[`the label of ${nameOf(placed)}`, extentOf(placed.label)]],
    ),
  ]
}

function piecesOf(placed: PlacedArrow): Piece[] {
  return placed.route.flatMap((part) =>
    part.slice(1).map((to, index) => {
      const from = part[index]!
      return {
        arrow: nameOf(placed),
        isLevel: from.y === to.y,
        left: Math.min(from.x, to.x),
        right: Math.max(from.x, to.x),
        top: Math.min(from.y, to.y),
        bottom: Math.max(from.y, to.y),
      }
    }),
  )
}

function nameOf({ arrow }: PlacedArrow): string {
  return arrow === null ? 'the first arrow' : `"${arrow.from} -> ${arrow.to}"`
}

function extentOf({ x, y, width, height }: Box): Extent {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 }
}

function overlap(one: Extent, other: Extent): boolean {
  return (
    one.left + hair < other.right &&
    other.left + hair < one.right &&
    one.top + hair < other.bottom &&
    other.top + hair < one.bottom
  )
}

function contains(outer: Extent, inner: Extent): boolean {
  return (
    outer.left <= inner.left && outer.right >= inner.right && outer.top <= inner.top && outer.bottom >= inner.bottom
  )
}

/** Lines may cross at right angles, and not run along one another for longer than two that change places need. */
function runTogether(one: Piece, other: Piece): boolean {
  const [apart, together] = one.isLevel
    ? [Math.abs(one.top - other.top), Math.min(one.right, other.right) - Math.max(one.left, other.left)]
    : [Math.abs(one.left - other.left), Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)]
  return one.isLevel === other.isLevel && apart < 3 && together > 12
}

function isOnEdge({ x, y }: Point, { left, right, top, bottom }: Extent): boolean {
  const isBeside = Math.abs(x - left) < hair || Math.abs(x - right) < hair
  const isAbove = Math.abs(y - top) < hair || Math.abs(y - bottom) < hair
  return (isBeside && y > top && y < bottom) || (isAbove && x > left && x < right)
}
