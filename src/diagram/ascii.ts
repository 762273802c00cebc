// A chart for a terminal: each state with the ways in and the ways out. On a line drawing of so many arrows nobody finds the one
// way that matters at night; in a list everybody does. Nothing but ASCII, unless a name holds other characters.
import { drawnTransitions } from './arrows.ts'
import type { Chart, ChartState } from './chart.ts'
import { visibleText } from './visible-text.ts'

/** The cells of a line; all but the last are padded, so that they stand below each other. */
type Row = readonly [trigger: string, target: string, effects: string]

export function toAscii(chart: Chart): string {
  const rows = new Map(chart.states.map((state) => [state, rowsOf(state)]))
  const all = [...rows.values()].flat()
  const triggerWidth = Math.max(0, ...all.map(([trigger]) => trigger.length))
  const targetWidth = Math.max(0, ...all.map(([, target]) => target.length))
  const lines = [`${visibleText(chart.id)}, starts in ${visibleText(chart.initial)}`]
  for (const state of chart.states) {
    lines.push('', headingOf(state, chart))
    for (const [trigger, target, effects] of rows.get(state) ?? []) {
      lines.push(`  ${trigger.padEnd(triggerWidth)}  ${target.padEnd(targetWidth)}  ${effects}`.trimEnd())
    }
  }
  return lines.join('\n')
}

function headingOf({ name, tags }: ChartState, { states }: Chart): string {
  const sources = states.filter(
    (state) => state.name !== name && state.transitions.some(({ target }) => target === name),
  )
  const tag = tags.length === 0 ? '' : ` (${tags.join(', ')})`
  const from = sources.length === 0 ? '' : `  <-- ${sources.map((source) => source.name).join(', ')}`
  return visibleText(name + tag + from)
}

function rowsOf(state: ChartState): readonly Row[] {
  return drawnTransitions(state).map(({ event, guard, target, effects }) => [
    visibleText(guard === null ? event : `${event} [${guard}]`),
    visibleText(target === state.name ? '    (stays)' : `--> ${target}`),
    visibleText(effects.length === 0 ? '' : `/ ${effects.join(', ')}`),
  ])
}
