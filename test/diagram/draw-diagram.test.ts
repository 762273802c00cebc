import { expect, test } from 'vitest'
import { breakerMachine, deliveryMachine, endpointMachine, sequencerMachine } from '../../machines/index.ts'
import { drawnTransitions } from '../../src/diagram/arrows.ts'
import { readChart } from '../../src/diagram/chart.ts'
import type { Chart, ChartTransition } from '../../src/diagram/chart.ts'
import { diagramFormats, diagramNames, drawDiagram } from '../../src/diagram/draw-diagram.ts'
import type { DiagramFormat, DiagramName } from '../../src/diagram/draw-diagram.ts'

const charts: Readonly<Record<DiagramName, Chart>> = {
  delivery: readChart(deliveryMachine),
  sequencer: readChart(sequencerMachine),
  breaker: readChart(breakerMachine),
  endpoint: readChart(endpointMachine),
}

/** Whether a drawing shows a transition between these two states, told by a pattern that only that one can match. */
const shows: Readonly<Record<DiagramFormat, (from: string, transition: ChartTransition) => RegExp>> = {
  ascii: (from, { event, guard, target, effects }) => {
    const way = target === from ? '\\(stays\\)' : `--> ${target}`
    const row = `  ${literal(triggerOf(event, guard))} +${way}${effects.length === 0 ? '' : ` +/ ${effects.join(', ')}`}\n`
    return new RegExp(`\n${from}(?: |\n)(?:.+\n)*${row}`)
  },
  mermaid: (from, { event, guard, target, effects }) => {
    const asked = effects.length === 0 ? '' : ` / ${effects.join(', ')}`
    return new RegExp(`\n  ${from} --> ${target}: ${literal(triggerOf(event, guard))}${asked}\n`)
  },
  dot: (from, { event, guard, target, effects }) => {
    const arrow = target === from ? from : `${from} -> ${target}`
    const asked = effects.length === 0 ? '' : ` <FONT[^>]*>/ ${effects.join(', ')}</FONT>`
    return new RegExp(`\n  ${arrow} .*;${literal(triggerOf(event, guard))}${asked}<BR`)
  },
  svg: (from, { event, guard, target, effects }) => {
    const named = `data-from="${from}" data-to="${target}" data-event="${literal(event)}"`
    const condition = guard === null ? '' : ` data-guard="${guard}"`
    const text = [event, ...(guard === null ? [] : [`[${guard}]`]), ...effects]
      .map((one) => `.*${literal(one)}`)
      .join('')
    return new RegExp(`<g class="transition" ${named}${condition}>(?:(?!</g>)${text})`)
  },
}

test.each(diagramNames.flatMap((name) => diagramFormats.map((format) => [name, format] as const)))(
  'shows every state and every transition: %s as %s',
  (name, format) => {
    const drawing = `${drawDiagram(name, format)}\n`
    const { states } = charts[name]
    expect(states.filter((state) => !drawing.includes(state.name))).toEqual([])
    const missing = states.flatMap((state) =>
      drawnTransitions(state).filter((transition) => !shows[format](state.name, transition).test(drawing)),
    )
    expect(missing).toEqual([])
  },
)

function triggerOf(event: string, guard: string | null): string {
  return guard === null ? event : `${event} [${guard}]`
}

function literal(text: string): string {
  return text.replace(/[.*[\]]/g, '\\$&')
}
