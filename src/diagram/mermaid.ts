import type { Chart, ChartTransition } from './chart.ts'

/** A statechart as a Mermaid diagram: `from --> to: event [guard] / effect, effect`. */
export function toMermaid({ initial, states }: Chart): string {
  const lines = ['stateDiagram-v2', `  [*] --> ${initial}`]
  for (const { name, transitions } of states) {
    // An event that is named only to be ignored draws nothing.
    const drawn = transitions.filter(({ target, effects }) => target !== name || effects.length > 0)
    for (const transition of drawn) lines.push(`  ${name} --> ${transition.target}: ${labelOf(transition)}`)
  }
  return lines.join('\n')
}

function labelOf({ event, guard, effects }: ChartTransition): string {
  const condition = guard === null ? '' : ` [${guard}]`
  const actions = effects.length === 0 ? '' : ` / ${effects.join(', ')}`
  return event + condition + actions
}
