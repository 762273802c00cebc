import { arrowsOf, reactionsOf } from './arrows.ts'
import type { Chart, ChartState, ChartTransition } from './chart.ts'
import { stateIds } from './state-ids.ts'
import { xmlText } from './xml.ts'

const detailSize = 9

/** A statechart in the language of Graphviz, from which `dot -Tpng` and its like make pictures. */
export function toDot(chart: Chart): string {
  const ids = stateIds(chart)
  const idOf = (name: string): string => ids.get(name) ?? name
  return [
    'digraph {',
    `  graph [label=<${xmlText(chart.id)}>, fontname="Helvetica", fontsize=11, pad=0.3, nodesep=0.4, ranksep=0.4]`,
    '  node [shape=box, style=rounded, fontname="Helvetica-Bold", fontsize=12, margin="0.18,0.1"]',
    '  edge [fontname="Helvetica", fontsize=11, arrowsize=0.7]',
    '  start_point [shape=point, width=0.12, label=""]',
    ...chart.states.map((state) => `  ${idOf(state.name)} [label=<${stateLabel(state)}>]`),
    `  start_point -> ${idOf(chart.initial)}`,
    ...arrowsOf(chart).map(
      ({ from, to, transitions }) => `  ${idOf(from)} -> ${idOf(to)} [label=<${blockOf(transitions)}>]`,
    ),
    '}',
  ].join('\n')
}

function stateLabel(state: ChartState): string {
  const reactions = reactionsOf(state)
  if (reactions.length === 0) return xmlText(state.name)
  return `${xmlText(state.name)}<BR/><FONT FACE="Helvetica" POINT-SIZE="${detailSize + 1}">${blockOf(reactions)}</FONT>`
}

/** Transitions one below the other, as Graphviz's own kind of HTML. */
function blockOf(transitions: readonly ChartTransition[]): string {
  return transitions.map((transition) => `&#160;${lineOf(transition)}<BR ALIGN="LEFT"/>`).join('')
}

function lineOf({ event, guard, effects }: ChartTransition): string {
  const condition = guard === null ? '' : ` [${xmlText(guard)}]`
  const asked = effects.length === 0 ? '' : `/ ${effects.join(', ')}`
  if (asked === '') return xmlText(event) + condition
  return `${xmlText(event)}${condition} <FONT POINT-SIZE="${detailSize}">${xmlText(asked)}</FONT>`
}
