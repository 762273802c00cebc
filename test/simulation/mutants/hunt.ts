// Runs seeds on a test build until one fails. A program of its own, so that a mutant that never ends can be ended.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { SimulationOptions, SimulationReport } from '../../../src/testing/index.ts'

/** What the hunt found: after how many seeds, and which rule; null when every seed passed. */
export interface Hunted {
  readonly seeds: number
  readonly rule: string | null
  readonly message: string | null
}

interface Testing {
  readonly simulate: (options: SimulationOptions) => Promise<SimulationReport>
}

const [folder = '', most = '0'] = process.argv.slice(2)
// The build is the sources of this repository with a line or two changed.
const { simulate } = (await import(pathToFileURL(join(folder, 'src/testing/index.ts')).href)) as Testing

let found: Hunted = { seeds: Number(most), rule: null, message: null }
for (let seed = 1; seed <= Number(most) && found.rule === null; seed += 1) {
  const [violation] = (
    await simulate({
      seed,
      faults: { crashesBeforeAppend: 0, crashesAfterAppend: 0, crashesAfterSend: 0, crashesAtRest: 0 },
    })
  ).violations
  if (violation !== undefined) found = { seeds: seed, rule: violation.rule, message: violation.message }
}
console.log(JSON.stringify(found))
