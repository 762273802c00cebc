// How lines run through the columns: level across each column, changing their height only in the gaps between two. So no line
// touches a box that is not its own, and two lines meet only where they cross.
import type { Box, Point, Size } from './box.ts'
import type { BoxToPlace, Columns, LinkStops, LinkToPlace, Stop } from './columns.ts'
import { isForward, portHeight } from './ports.ts'
import { layTracks } from './tracks.ts'
import type { Passage } from './tracks.ts'

/** A line by its corners, in its parts: whole, or up to its label and on from there. */
export type Route = readonly (readonly Point[])[]

export interface RoutedLink {
  readonly label: Box | null
  readonly route: Route
}

export interface RoutedColumns<ABox, ALink> extends Size {
  readonly boxes: readonly (ABox & Box)[]
  readonly links: readonly (ALink & RoutedLink)[]
}

type Link = LinkToPlace & LinkStops

/** A line's way from one column to a neighbouring one. */
interface Leg extends Passage {
  readonly from: Stop
  readonly to: Stop
}

/** Where the columns stand, and the tracks between them. */
interface Grid {
  readonly width: number
  readonly middleOf: (column: number) => number
  /** Where the leg changes its height; null when it goes straight on. */
  readonly turnOf: (leg: Leg) => number | null
}

const margin = 16
/** Room for the head of an arrow and the corner before it. */
const stub = 17
const gapBetweenTracks = 9
/** How far a crossing may be moved to save a bend: far less than lines and labels stand apart. */
const slack = 5

/** Sets the columns as far apart as the lines between them need, and draws the lines. */
export function routeLines<ABox extends BoxToPlace, ALink extends LinkToPlace>(
  columns: Columns<ABox, ALink>,
): RoutedColumns<ABox, ALink> {
  const ways = columns.links.map((link) => ({ link, legs: legsOf(link, columns.links) }))
  const legs = ways.flatMap((way) => way.legs)
  const grid = layGrid(columns.widths, legs)
  return {
    width: grid.width,
    height: columns.height + 2 * margin,
    boxes: columns.boxes.map((box) => ({ ...box, x: grid.middleOf(box.column), y: box.y + margin })),
    links: ways.map((way) => ({ ...way.link, ...routeOf(way.link, way.legs, grid) })),
  }
}

function legsOf(link: Link, links: readonly Link[]): readonly Leg[] {
  const source = { column: link.source.column, y: portHeight(link, 'from', links) }
  const target = { column: link.target.column, y: portHeight(link, 'to', links) }
  const crossings = straightened(source, link.crossings, target)
  return [...crossings, target].map((to, index) => {
    const from = crossings[index - 1] ?? source
    const [leftY, rightY] = isForward(link) ? [from.y, to.y] : [to.y, from.y]
    return { from, to, leftY, rightY }
  })
}

/** Crossings without bends of a few px: moved to the height of the source, or else of the target. */
function straightened(source: Stop, crossings: readonly Stop[], target: Stop): readonly Stop[] {
  const fromSource = alignedTo(source, crossings)
  if (fromSource[0]?.y === source.y) return fromSource
  return alignedTo(target, [...crossings].reverse()).reverse()
}

/** As far as they come within the slack, one after the other. */
function alignedTo({ y }: Stop, stops: readonly Stop[]): Stop[] {
  const firstOff = stops.findIndex((stop) => Math.abs(stop.y - y) > slack)
  return stops.map((stop, index) => (firstOff === -1 || index < firstOff ? { ...stop, y } : stop))
}

function layGrid(widths: readonly number[], legs: readonly Leg[]): Grid {
  const middles: number[] = []
  const turns = new Map<Leg, number>()
  let x = margin
  widths.forEach((width, column) => {
    middles.push(x + width / 2)
    x += width
    if (column === widths.length - 1) return
    const { count, trackOf } = layTracks(legs.filter(({ from, to }) => Math.min(from.column, to.column) === column))
    for (const [leg, track] of trackOf) turns.set(leg, x + stub + track * gapBetweenTracks)
    x += 2 * stub + Math.max(0, count - 1) * gapBetweenTracks
  })
  return {
    width: x + margin,
    middleOf: (column) => middles[column] ?? 0,
    turnOf: (leg) => turns.get(leg) ?? null,
  }
}

function routeOf(link: Link, legs: readonly Leg[], grid: Grid): RoutedLink {
  const forward = isForward(link) ? 1 : -1
  const edgeOf = (column: number, side: number, { width }: Size, y: number): Point => ({
    x: grid.middleOf(column) + (side * width) / 2,
    y: y + margin,
  })
  let label: Box | null = null
  let part: Point[] = []
  const route = [part]
  for (const leg of legs) {
    const { from, to } = leg
    if (part.length === 0) part.push(edgeOf(from.column, forward, link.source, from.y))
    const turn = grid.turnOf(leg)
    if (turn !== null) part.push({ x: turn, y: from.y + margin }, { x: turn, y: to.y + margin })
    if (to.column === link.labelColumn && link.labelSize !== null) {
      label = { x: grid.middleOf(to.column), y: to.y + margin, ...link.labelSize }
      part.push(edgeOf(to.column, -forward, link.labelSize, to.y))
      part = [edgeOf(to.column, forward, link.labelSize, to.y)]
      route.push(part)
    } else if (to.column === link.target.column) {
      part.push(edgeOf(to.column, -forward, link.target, to.y))
    }
  }
  return { label, route }
}
