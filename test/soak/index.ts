// The soak: a service among hostile endpoints on real sockets, and the proof that it lost nothing and leaves nothing.
import { describeRun, describeViolations } from './report.ts'
import { readFlags, usage, UsageError, type SoakFlags } from './flags.ts'
import { runSoak } from './run-soak.ts'

async function main(flags: SoakFlags): Promise<number> {
  console.log(`Soak of ${flags.seconds} s, seed ${flags.seed}`)
  const result = await runSoak(flags)
  console.log(`${describeRun(flags, result)}\n\n${describeViolations(result.violations)}`)
  const broken = Object.values(result.violations).filter((texts) => texts.length > 0).length
  if (broken > 0) console.log(`\n${broken} rules broken; again with: npm run soak -- --seed ${flags.seed}`)
  return broken === 0 ? 0 : 1
}

try {
  const flags = readFlags(process.argv.slice(2), Math.floor(Math.random() * 2 ** 32))
  if (flags === null) console.log(usage)
  else process.exitCode = await main(flags)
} catch (error) {
  const isMisuse = error instanceof UsageError
  console.error(isMisuse ? `${error.message}\n\n${usage}` : error)
  process.exitCode = isMisuse ? 2 : 1
}
