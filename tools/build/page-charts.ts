import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Options } from 'tsup'
import { breakerMachine, deliveryMachine, endpointMachine } from '../../machines/index.ts'
import { readChart } from '../../src/diagram/chart.ts'
import { diagramStyle } from '../../src/diagram/svg-style.ts'
import { toSvg } from '../../src/diagram/svg.ts'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** Draws the statecharts that the viewer lights up, beside its script: laying them out takes too long for a live service. */
export function pageCharts(folder: string): Plugin {
  return {
    name: 'page-charts',
    setup(build) {
      build.onEnd(() => {
        mkdirSync(folder, { recursive: true })
        writeFileSync(join(folder, 'charts.css'), diagramStyle)
        for (const machine of [deliveryMachine, endpointMachine, breakerMachine]) {
          writeFileSync(join(folder, `${machine.id}.svg`), toSvg(readChart(machine), { embedded: true }))
        }
      })
    },
  }
}
