import { drawnTransitions } from './arrows.ts'
import type { Chart, ChartTransition } from './chart.ts'
import { stateIds } from './state-ids.ts'
import { visibleText } from './visible-text.ts'

/**
 * What is written as a character reference: all but what stands for itself in Mermaid text. One asterisk does, of several two may
 * set what is between them in italics.
 */
const special = /\*(?=.*\*)|(?<=\*.*)\*|[^\p{L}\p{M}\p{N} .*()[\]/,'!?=+@$-]/gu

/** A statechart as a Mermaid diagram: `from --> to: event [guard] / effect, effect`. */
export function toMermaid(chart: Chart): string {
  const ids = stateIds(chart)
  const idOf = (name: string): string => ids.get(name) ?? name
  const lines = ['stateDiagram-v2']
  for (const [name, id] of ids) {
    if (id !== name) lines.push(`  state "${mermaidText(name)}" as ${id}`)
  }
  lines.push(`  [*] --> ${idOf(chart.initial)}`)
  for (const state of chart.states) {
    for (const transition of drawnTransitions(state)) {
      lines.push(`  ${idOf(state.name)} --> ${idOf(transition.target)}: ${mermaidText(labelOf(transition))}`)
    }
  }
  return lines.join('\n')
}

function labelOf({ event, guard, effects }: ChartTransition): string {
  const condition = guard === null ? '' : ` [${guard}]`
  const actions = effects.length === 0 ? '' : ` / ${effects.join(', ')}`
  return event + condition + actions
}

function mermaidText(text: string): string {
  return visibleText(text).replace(special, (character) => `#${character.codePointAt(0) ?? 0};`)
}
