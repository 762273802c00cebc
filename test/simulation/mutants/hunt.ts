// Runs seeds on a test build until one fails. A program of its own, so that a mutant that never ends can be ended.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { SimulationOptions, SimulationReport } from '../../../src/testing/index.ts'

/** What the hunt found: after how many seeds, which rules, and the first finding; no rules when every seed passed. */
export interface Hunted {
  readonly seeds: number
  readonly rules: readonly string[]
  readonly message: string
}

interface Testing {
  readonly simulate: (options: SimulationOptions) => Promise<SimulationReport>
}

interface Homes {
  readonly placeOf: (home: string) => SimulationOptions['log']
}

const [folder = '', most = '0', home = 'memory'] = process.argv.slice(2)
// The build is the sources of this repository with a line or two changed.
const { simulate } = (await import(pathToFileURL(join(folder, 'src/testing/index.ts')).href)) as Testing

const { placeOf } = (await import(pathToFileURL(join(folder, 'test/simulation/homes.ts')).href)) as Homes
const log = placeOf(home)

let found: Hunted = { seeds: Number(most), rules: [], message: '' }
for (let seed = 1; seed <= Number(most) && found.rules.length === 0; seed += 1) {
  const { violations } = await simulate({ seed, log })
  const rules = [...new Set(violations.map(({ rule }) => rule))]
  if (rules.length > 0) found = { seeds: seed, rules, message: violations[0]?.message ?? '' }
}
console.log(JSON.stringify(found))
