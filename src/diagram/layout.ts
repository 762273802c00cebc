// Where everything of a drawn chart stands: states, arrows, labels.
import { arrowsOf, reactionsOf } from './arrows.ts'
import type { Arrow } from './arrows.ts'
import type { Box, Size } from './box.ts'
import type { Chart, ChartState } from './chart.ts'
import { layOutGraph } from './graph-layout.ts'
import type { Direction } from './graph-layout.ts'
import type { Route } from './routes.ts'
import { nameSize, textBlock, textWidth } from './text-block.ts'
import type { TextBlock } from './text-block.ts'
import { visibleText } from './visible-text.ts'

export interface PlacedState {
  readonly state: ChartState
  readonly box: Box
  /** What it does without being left, below its name. */
  readonly reactions: TextBlock
}

export interface PlacedArrow {
  /** Null for the arrow from the starting dot. */
  readonly arrow: Arrow | null
  readonly text: TextBlock
  readonly label: Box | null
  readonly route: Route
}

/** In px. */
export interface DiagramLayout extends Size {
  /** The dot from which an arrow leads to the initial state. */
  readonly start: Box
  readonly states: readonly PlacedState[]
  readonly arrows: readonly PlacedArrow[]
}

/** The room of a state's name. */
export const nameHeight = 36
/** What is kept free around the text in a state, and around that of an arrow. */
export const statePadding = 12
export const labelPadding = 6

const leastStateWidth = 104
const startSize = 11
const startId = 'start'

/** Lays out a chart, always in the same way: to the right or down, whichever lets it be shown larger. */
export function layOutDiagram(chart: Chart): DiagramLayout {
  const [right, down] = [layOutTowards('right', chart), layOutTowards('down', chart)]
  return scaleOnScreen(down) > scaleOnScreen(right) ? down : right
}

function scaleOnScreen({ width, height }: Size): number {
  return Math.min(4 / width, 3 / height)
}

function layOutTowards(direction: Direction, chart: Chart): DiagramLayout {
  const boxes = [startBox, ...chart.states.map(stateBox)]
  const links = [startLink(chart), ...arrowsOf(chart).map(arrowLink)]
  const graph = layOutGraph(boxes, links, direction)
  const [start = { ...startBox, x: 0, y: 0 }] = graph.boxes
  return {
    width: graph.width,
    height: graph.height,
    start,
    states: graph.boxes.flatMap(({ state, reactions, ...box }) => (state === null ? [] : { state, reactions, box })),
    arrows: graph.links.map(({ arrow, text, label, route }) => ({ arrow, text, label, route })),
  }
}

const noText = textBlock([])
const startBox = { id: startId, width: startSize, height: startSize, state: null, reactions: noText }

function stateBox(state: ChartState) {
  const reactions = textBlock(reactionsOf(state))
  const width = Math.max(
    leastStateWidth,
    textWidth(visibleText(state.name), nameSize) + 2 * statePadding,
    reactions.width + 2 * statePadding,
  )
  const height = nameHeight + (reactions.height === 0 ? 0 : reactions.height + 2 * statePadding)
  return { id: stateId(state.name), width, height, state, reactions }
}

function startLink({ initial }: Chart) {
  return { from: startId, to: stateId(initial), labelSize: null, arrow: null, text: noText }
}

function arrowLink(arrow: Arrow) {
  const text = textBlock(arrow.transitions)
  const labelSize = { width: text.width + 2 * labelPadding, height: text.height + 2 * labelPadding }
  return { from: stateId(arrow.from), to: stateId(arrow.to), labelSize, arrow, text }
}

/** Never the id of the starting dot, whatever the state is called. */
function stateId(name: string): string {
  return `state ${name}`
}
