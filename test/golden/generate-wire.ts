// Writes the requests of every scenario as they are now: npx tsx test/golden/generate-wire.ts. A change of what is there is
// a change of what every receiver gets, and belongs in the changelog.
import { writeFileSync } from 'node:fs'
import { recordWire, wireScenarios } from './wire-scenarios.ts'

for (const [name, scenario] of Object.entries(wireScenarios)) {
  writeFileSync(new URL(`./wire/${name}.http`, import.meta.url), await recordWire(scenario), 'latin1')
}
