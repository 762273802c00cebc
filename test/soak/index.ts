// The soak: a service among hostile endpoints on real sockets, and the proof that it lost nothing and leaves nothing.
import { describeRun, describeViolations } from './report.ts'
import { runWithFlags } from '../support/number-flags.ts'
import { defaultFlags, usage, type SoakFlags } from './flags.ts'
import { runSoak } from './run-soak.ts'

async function main(flags: SoakFlags): Promise<number> {
  console.log(`Soak of ${flags.seconds} s, seed ${flags.seed}`)
  const result = await runSoak(flags)
  console.log(`${describeRun(flags, result)}\n\n${describeViolations(result.violations)}`)
  const broken = Object.values(result.violations).filter((texts) => texts.length > 0).length
  if (broken > 0) console.log(`\n${broken} rules broken; again with: npm run soak -- --seed ${flags.seed}`)
  return broken === 0 ? 0 : 1
}

const drawn = 1 + Math.floor(Math.random() * 2 ** 32)
await runWithFlags(usage, { ...defaultFlags(drawn) }, main)
