import type { AnyStateMachine } from 'xstate'
import { breakerMachine, deliveryMachine, endpointMachine, sequencerMachine } from '../../machines/index.ts'
import { toAscii } from './ascii.ts'
import { readChart } from './chart.ts'
import type { Chart } from './chart.ts'
import { toDot } from './dot.ts'
import { toMermaid } from './mermaid.ts'
import { toSvg } from './svg.ts'

export const diagramNames = ['delivery', 'sequencer', 'breaker', 'endpoint'] as const
export type DiagramName = (typeof diagramNames)[number]

export const diagramFormats = ['ascii', 'mermaid', 'dot', 'svg'] as const
export type DiagramFormat = (typeof diagramFormats)[number]

const machines: Readonly<Record<DiagramName, AnyStateMachine>> = {
  delivery: deliveryMachine,
  sequencer: sequencerMachine,
  breaker: breakerMachine,
  endpoint: endpointMachine,
}

const forms: Readonly<Record<DiagramFormat, (chart: Chart) => string>> = {
  ascii: toAscii,
  mermaid: toMermaid,
  dot: toDot,
  svg: toSvg,
}

/** One of the machines as a drawing, which is the same each time. Ends without a line end. */
export function drawDiagram(name: DiagramName, format: DiagramFormat): string {
  return forms[format](readChart(machines[name]))
}
