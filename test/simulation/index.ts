// Many simulated runs, one after the other, each from a seed of its own.
import { simulate } from '../../src/testing/index.ts'
import { describeFailure } from './describe-failure.ts'
import { runWithFlags } from '../support/number-flags.ts'
import { defaultFlags, usage, type SimulationFlags } from './flags.ts'
import { placeOf, takeHome } from './homes.ts'
import { Totals } from './totals.ts'

const toldEveryMs = 20_000

const { home, parameters } = takeHome(process.argv.slice(2))

async function main({ seeds, from, seconds }: SimulationFlags): Promise<number> {
  const log = placeOf(home)
  console.log(`Simulating ${seeds} seeds from ${from} on a log in ${home}, ${seconds} s at most`)
  const totals = new Totals()
  const startedAt = performance.now()
  let toldAt = startedAt
  for (let seed = from; seed < from + seeds; seed += 1) {
    const now = performance.now()
    if (now - startedAt > seconds * 1000) break
    if (now - toldAt > toldEveryMs) {
      toldAt = now
      console.log(`${totals.seeds} seeds in ${Math.round((now - startedAt) / 1000)} s`)
    }
    const report = await simulate({ seed, log })
    totals.add(report)
    if (!report.ok) console.log(describeFailure(report, home))
  }
  const tookMs = performance.now() - startedAt
  console.log(`\n${totals.text}\n\n${Math.round(tookMs / 1000)} s, ${(tookMs / totals.seeds).toFixed(1)} ms a seed`)
  const isShort = totals.seeds < seeds
  if (isShort) console.log(`${seeds - totals.seeds} seeds were left when the time was up`)
  if (totals.failing.length > 0) console.log(`failing seeds: ${totals.failing.join(', ')}`)
  return isShort || totals.failing.length > 0 ? 1 : 0
}

const drawn = 1 + Math.floor(Math.random() * 2 ** 32)
await runWithFlags(usage, { ...defaultFlags(drawn) }, main, parameters)
