// The torture: a service on a file, killed again and again, robbed of its power, on a full disk, with flipped bits; and the proof that what it
// acknowledged is kept.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../support/number-flags.ts'
import { buildPrograms } from './build-programs.ts'
import { readFlags, usage, type TortureFlags } from './flags.ts'
import { parts } from './parts/torture-part.ts'
import { countBroken, describePart } from './report.ts'

async function main(flags: TortureFlags): Promise<number> {
  console.log(`Torture, seed ${flags.seed}\n`)
  const folder = mkdtempSync(join(tmpdir(), 'hookline-torture-'))
  const programs = await buildPrograms(join(folder, 'programs'))
  let broken = 0
  for (const part of flags.only) {
    const result = await parts[part]({ flags, programs, folder: join(folder, part) })
    console.log(describePart(result))
    broken += countBroken(result.violations)
  }
  if (broken === 0) rmSync(folder, { recursive: true })
  else {
    console.log(
      `${broken} rules broken; what is left is in ${folder}; again with: npm run torture -- --seed ${flags.seed}`,
    )
  }
  return broken === 0 ? 0 : 1
}

// As with any other end, nothing stays mounted.
process.once('SIGINT', () => process.exit(130))

try {
  const flags = readFlags(process.argv.slice(2), 1 + Math.floor(Math.random() * 2 ** 32))
  if (flags === null) console.log(usage)
  else process.exitCode = await main(flags)
} catch (error) {
  const isMisuse = error instanceof UsageError
  console.error(isMisuse ? `${error.message}\n\n${usage}` : error)
  process.exitCode = isMisuse ? 2 : 1
}
