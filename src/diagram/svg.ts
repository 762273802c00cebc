// A chart as an SVG that needs nothing else: no script, no font, no reference, and no id that could meet another in a page.
import type { Point } from './box.ts'
import type { Chart } from './chart.ts'
import { labelPadding, layOutDiagram, nameHeight, statePadding } from './layout.ts'
import type { PlacedArrow, PlacedState } from './layout.ts'
import type { Route } from './routes.ts'
import { standaloneStyle } from './svg-style.ts'
import type { BlockEntry, TextBlock } from './text-block.ts'
import { xmlElement, xmlText } from './xml.ts'

const cornerRadius = 7
const headLength = 8
const headWidth = 8

export interface SvgOptions {
  /**
   * For an SVG that stands in a page, which brings `diagramStyle` in its own style sheet: without a style (a strict content
   * security policy forbids it) and without a background. By default the SVG is a file of its own.
   */
  readonly embedded?: boolean
}

/**
 * A chart as SVG text. What a page may light up carries its names:
 *
 * - a state is a `g.state[data-state]`; give it the class `current` or `visited`;
 * - an arrow is a `g.arrow[data-from][data-to]`, which holds all transitions between its two states;
 * - a transition is a `g.transition[data-from][data-to][data-event]`, with `data-guard` where it has a guard. It stands in its arrow,
 *   or in its state when it does not leave it. Give it the class `taken`, and its `closest('.arrow')` too.
 */
export function toSvg(chart: Chart, { embedded = false }: SvgOptions = {}): string {
  const { width, height, start, states, arrows } = layOutDiagram(chart)
  const title = `The statechart ${chart.id}`
  const parts = [
    xmlElement('title', {}, xmlText(title)),
    xmlElement('desc', {}, xmlText(inWords(chart))),
    ...(embedded
      ? []
      : [xmlElement('style', {}, standaloneStyle), xmlElement('rect', { class: 'background', width, height })]),
    ...arrows.map(drawArrow),
    xmlElement('circle', { class: 'start', cx: start.x, cy: start.y, r: start.width / 2 }),
    ...states.map(drawState),
  ]
  return xmlElement(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'diagram',
      role: 'img',
      'aria-label': title,
      viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
      width: Math.ceil(width),
      height: Math.ceil(height),
    },
    `\n${parts.join('\n')}\n`,
  )
}

/** The chart for those who cannot see it. */
function inWords({ initial, states }: Chart): string {
  const ways = states.map(({ name, transitions }) => {
    const leaving = transitions.filter(({ target }) => target !== name)
    if (leaving.length === 0) return `Nothing leaves ${name}.`
    const listed = leaving.map(
      ({ event, guard, target }) => `${event}${guard === null ? '' : ` [${guard}]`} leads to ${target}`,
    )
    return `From ${name}, ${listed.join(', ')}.`
  })
  return [`It starts in ${initial}.`, ...ways].join(' ')
}

function drawState({ state: { name, tags }, box, reactions }: PlacedState): string {
  const left = box.x - box.width / 2
  const top = box.y - box.height / 2
  const ruleY = top + nameHeight
  // As in a flow chart, what ends a course has round ends.
  const rx = tags.includes('settled') ? Math.min(box.height / 2, 18) : 8
  const isPlain = reactions.entries.length === 0
  return xmlElement(
    'g',
    { class: 'state', 'data-state': name, ...(tags.length === 0 ? {} : { 'data-tags': tags.join(' ') }) },
    [
      xmlElement('rect', { class: 'box', x: left, y: top, width: box.width, height: box.height, rx }),
      // A plain box may be higher than its name needs, for the lines that end there.
      xmlElement('text', { class: 'name', x: box.x, y: (isPlain ? box.y : top + nameHeight / 2) + 5 }, xmlText(name)),
      isPlain ? '' : xmlElement('line', { class: 'rule', x1: left, x2: left + box.width, y1: ruleY, y2: ruleY }),
      drawBlock(reactions, { x: left + statePadding, y: ruleY + statePadding }, name),
    ].join(''),
  )
}

function drawArrow({ arrow, route, label, text }: PlacedArrow): string {
  const lines = route.map((points) => xmlElement('path', { class: 'line', d: pathOf(points) }))
  const drawn = [...lines, xmlElement('path', { class: 'head', d: headOf(route) })]
  if (arrow === null || label === null) return xmlElement('g', { class: 'arrow' }, drawn.join(''))
  const { width, height } = label
  const [x, y] = [label.x - width / 2, label.y - height / 2]
  drawn.push(drawBlock(text, { x: x + labelPadding, y: y + labelPadding }, arrow.from))
  return xmlElement('g', { class: 'arrow', 'data-from': arrow.from, 'data-to': arrow.to }, drawn.join(''))
}

/** Transitions as text, from the upper left corner on. */
function drawBlock({ entries }: TextBlock, corner: Point, from: string): string {
  return entries.map((entry) => drawTransition(entry, corner, from)).join('')
}

function drawTransition({ transition, event, details }: BlockEntry, { x, y }: Point, from: string): string {
  const names = { 'data-from': from, 'data-to': transition.target, 'data-event': transition.event }
  const guard = transition.guard === null ? {} : { 'data-guard': transition.guard }
  const lines = details.map((line) => xmlElement('text', { class: 'detail', x, y: y + line.y }, xmlText(line.text)))
  lines.unshift(xmlElement('text', { class: 'event', x, y: y + event.y }, xmlText(event.text)))
  return xmlElement('g', { class: 'transition', ...names, ...guard }, lines.join(''))
}

/** A line with its corners rounded. */
function pathOf(points: readonly Point[]): string {
  const parts = points.map((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]]
    if (before === undefined) return `M${at(point)}`
    if (after === undefined) return `L${at(point)}`
    const radius = Math.min(cornerRadius, distance(before, point) / 2, distance(point, after) / 2)
    return `L${at(towards(point, before, radius))}Q${at(point)} ${at(towards(point, after, radius))}`
  })
  return parts.join('')
}

/** The head of an arrow, at the end of its line. */
function headOf(route: Route): string {
  const [end, before] = (route.at(-1) ?? []).slice(-2).reverse()
  if (end === undefined || before === undefined) return ''
  const base = towards(end, before, headLength)
  const [x, y] = [((end.y - base.y) * headWidth) / 2 / headLength, ((end.x - base.x) * headWidth) / 2 / headLength]
  return `M${at(end)}L${at({ x: base.x + x, y: base.y - y })}L${at({ x: base.x - x, y: base.y + y })}z`
}

function towards(from: Point, to: Point, length: number): Point {
  const share = length / Math.max(distance(from, to), length)
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y)
}

function at({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`
}
