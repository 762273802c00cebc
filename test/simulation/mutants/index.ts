// The mutation check: with any one promise switched off, the simulation has to fail; with none, it has to pass.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { TestBuild } from '../../support/test-build.ts'
import type { Hunted } from './hunt.ts'
import { mutants } from './mutants.ts'
import type { Mutant } from './mutants.ts'

const mostSeeds = 400
const unmutatedSeeds = 300
const limitMs = 120_000
const atOnce = 2
const parts = ['src', 'machines', 'test/simulation', 'test/support', 'package.json']
const program = fileURLToPath(new URL('hunt.ts', import.meta.url))

/** Rejects when the program fails or takes longer than the limit. */
function hunt(folder: string, seeds: number, home: string): Promise<Hunted> {
  return new Promise((resolve, reject) => {
    const parameters = ['--import', 'tsx', program, folder, String(seeds), home]
    execFile(process.execPath, parameters, { timeout: limitMs, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      // What hunt.ts prints.
      if (error === null) resolve(JSON.parse(stdout) as Hunted)
      else reject(new Error(error.killed === true ? `it did not end within ${limitMs} ms` : stderr.slice(-2000)))
    })
  })
}

/** Whether it went as it must. */
async function check(mutant: Mutant | null): Promise<boolean> {
  const name = mutant?.name ?? 'nothing switched off'
  let build: TestBuild | null = null
  try {
    build = new TestBuild(parts)
    build.apply(mutant?.patches ?? [])
    const most = mutant === null ? unmutatedSeeds : mostSeeds
    const { rules, seeds, message } = await hunt(build.folder, most, mutant?.home ?? 'memory')
    const right = rules.length > 0 === (mutant !== null)
    const found = rules.length === 0 ? `no seed of ${seeds} failed` : `seed ${seeds}: ${message}`
    console.log([`${right ? 'ok   ' : 'WRONG'}  ${name}`, found, ...rules].join('\n         '))
    return right
  } catch (error) {
    console.log(`WRONG  ${name}\n         ${String(error)}`)
    return false
  } finally {
    build?.remove()
  }
}

const waiting: (Mutant | null)[] = [null, ...mutants]
const wrong: (Mutant | null)[] = []
async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
    if (!(await check(next))) wrong.push(next)
}
await Promise.all(Array.from({ length: atOnce }, work))
console.log(`\n${mutants.length} promises switched off one at a time; ${wrong.length} went unnoticed or wrong`)
process.exitCode = wrong.length === 0 ? 0 : 1
