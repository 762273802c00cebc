// The load: `hookline serve` on a file with a thousand events a second over HTTP, then the same while it is killed again and again.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runWithFlags } from '../support/number-flags.ts'
import { buildPrograms } from './build-programs.ts'
import { countBroken, describeCalm, describeKilled, describeRules } from './report.ts'
import { LoadRig, type LoadFlags } from './run-load.ts'

const usage = `npm run load -- [flags]

  --seconds N     how long events are submitted before the kills (default 60)
  --per-second N  how many (default 1000)
  --kills N       how often the server is killed under the same load (default 20)
  --help`

async function main(flags: LoadFlags): Promise<number> {
  console.log(
    `Load of ${flags['per-second']} events a second, for ${flags.seconds} s, then with ${flags.kills} kills\n`,
  )
  const folder = mkdtempSync(join(tmpdir(), 'hookline-load-'))
  const rig = await LoadRig.start(flags, await buildPrograms(folder), folder)
  const calm = await rig.calm()
  console.log(`Undisturbed\n\n${describeCalm(calm)}\n\n${describeRules(calm.violations)}\n`)
  const killed = await rig.killed()
  console.log(`Killed with SIGKILL\n\n${describeKilled(killed)}\n\n${describeRules(killed.violations)}\n`)
  await rig.stop()
  const broken = countBroken(calm.violations) + countBroken(killed.violations)
  const rules = Object.keys(calm.violations).length + Object.keys(killed.violations).length
  if (broken === 0) rmSync(folder, { recursive: true })
  else console.log(`What is left is in ${folder}`)
  console.log(`${rules - broken} rules hold, ${broken} are broken`)
  return broken === 0 ? 0 : 1
}

// As with any other end, no server stays behind.
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))
await runWithFlags(usage, { seconds: 60, 'per-second': 1000, kills: 20 }, main)
// After a failure the other processes may still run, and would keep this one.
process.exit()
