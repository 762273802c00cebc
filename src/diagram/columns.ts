// The layered layout, by dagre: boxes and labels in columns from left to right. Says which column everything is in and how high it
// stands there; how far apart the columns are is decided by the lines between them. Nothing else imports dagre.
import { Graph, layout } from '@dagrejs/dagre'
import type { EdgeLabel, GraphLabel, NodeLabel } from '@dagrejs/dagre'
import type { Size } from './box.ts'

export interface BoxToPlace extends Size {
  readonly id: string
}

/** An arrow from one box to another, by their ids. `labelSize` is the room its text needs; null for an arrow without. */
export interface LinkToPlace {
  readonly from: string
  readonly to: string
  readonly labelSize: Size | null
}

/** A height in a column: the middle of a box or a label, or a line that crosses. */
export interface Stop {
  readonly column: number
  readonly y: number
}

export interface LinkStops {
  readonly source: Size & Stop
  readonly target: Size & Stop
  /** The columns that the line crosses between its ends, in the order it takes; that of its label among them. */
  readonly crossings: readonly Stop[]
  readonly labelColumn: number | null
}

export interface Columns<ABox, ALink> {
  readonly widths: readonly number[]
  readonly height: number
  readonly boxes: readonly (ABox & Stop)[]
  readonly links: readonly (ALink & LinkStops)[]
}

const gapBetweenBoxes = 22
const gapBetweenLines = 18

/** Gives everything its column. What is named first stands leftmost, and links back to it run from right to left. */
export function layOutColumns<ABox extends BoxToPlace, ALink extends LinkToPlace>(
  boxes: readonly ABox[],
  links: readonly ALink[],
): Columns<ABox, ALink> {
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>()
  graph.setGraph({ rankdir: 'LR', nodesep: gapBetweenBoxes, edgesep: gapBetweenLines })
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height })
  for (const { from, to, labelSize } of links) graph.setEdge(from, to, { ...labelSize, labelpos: 'c' })
  layout(graph)

  const labels = links.filter(({ labelSize }) => labelSize !== null).map(({ from, to }) => graph.edge(from, to))
  const widths = columnWidths([...boxes.map(({ id }) => graph.node(id)), ...labels])
  const middles = [...widths.keys()].sort((one, other) => one - other)
  const columnOf = ({ x = 0 }): number => middles.indexOf(Math.round(x))
  const stopOf = (place: { x?: number; y?: number }): Stop => ({ column: columnOf(place), y: place.y ?? 0 })

  const placedBoxes = boxes.map((box) => ({ ...box, ...stopOf(graph.node(box.id)) }))
  const placedLinks = links.map((link) => {
    const edge = graph.edge(link.from, link.to)
    return {
      ...link,
      source: placedAt(graph.node(link.from), stopOf),
      target: placedAt(graph.node(link.to), stopOf),
      // The ends are dagre's guess; and a column in which nothing stands is none.
      crossings: (edge.points ?? [])
        .slice(1, -1)
        .map(stopOf)
        .filter(({ column }) => column >= 0),
      labelColumn: link.labelSize === null ? null : columnOf(edge),
    }
  })
  return {
    widths: middles.map((middle) => widths.get(middle) ?? 0),
    height: graph.graph().height ?? 0,
    boxes: placedBoxes,
    links: placedLinks,
  }
}

function placedAt(node: NodeLabel, stopOf: (place: NodeLabel) => Stop): Size & Stop {
  return { width: node.width, height: node.height, ...stopOf(node) }
}

/** By the middle of each column, to the nearest px. */
function columnWidths(places: readonly { x?: number; width?: number }[]): ReadonlyMap<number, number> {
  const widths = new Map<number, number>()
  for (const { x = 0, width = 0 } of places) widths.set(Math.round(x), Math.max(widths.get(Math.round(x)) ?? 0, width))
  return widths
}
