// The mutation check of the service: with any one promise switched off, one of the tests that are named has to fail; with
// none, all of them have to pass.
import { parseArgs } from 'node:util'
import { TestBuild } from '../../support/test-build.ts'
import type { Mutant } from './mutant.ts'
import { mutants } from './mutants.ts'
import { TestRunner } from './test-runner.ts'

const parts = ['src', 'machines', 'test', 'package.json', 'vitest.config.ts', 'tsup.page.config.ts']
const limitMs = 300_000

const { only, fast } = parseArgs({
  options: { only: { type: 'string' }, fast: { type: 'boolean', default: false } },
}).values
const chosen = mutants.filter(({ name, tests }) => {
  return (
    (only === undefined || name.includes(only)) && !(fast && tests.some((test) => test.startsWith('test/cli/serve/')))
  )
})
if (chosen.length === 0) throw new Error(`no promise has ${JSON.stringify(only)} in its name`)

const build = new TestBuild(parts)
const runner = await TestRunner.start(build.folder)

/** A test that waits without giving its process back cannot be cancelled: the whole check ends. */
function withinLimit<T>(name: string, run: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {
    console.log(`WRONG  ${name}\n         it did not end within ${limitMs} ms`)
    process.exit(1)
  }, limitMs)
  return run.finally(() => clearTimeout(timer))
}

let lastChanged: readonly string[] = []

/** Whether it went as it must. */
async function check({ name, tests, patches }: Mutant): Promise<boolean> {
  const startedMs = performance.now()
  const files = patches.map(({ file }) => file)
  let found: string
  let right = false
  try {
    const putBack = build.apply(patches)
    const { failed, broken } = await withinLimit(name, runner.run(tests, [...lastChanged, ...files]))
    putBack()
    lastChanged = files
    right = failed.length > 0
    found = failed[0] ?? (broken.length > 0 ? `no test could tell: ${broken.join('; ')}` : 'no test noticed')
  } catch (error) {
    found = String(error)
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(`${right ? 'ok   ' : 'WRONG'}  ${name} (${seconds} s)\n         ${found}`)
  return right
}

const wrong: string[] = []
const all = [...new Set(chosen.flatMap(({ tests }) => tests))]
for (const test of process.env['NB'] ? [] : all) {
  const startedMs = performance.now()
  const { failed, broken } = await withinLimit(test, runner.run([test], []))
  console.log(test, Math.round(performance.now() - startedMs))
  if (failed.length + broken.length === 0) continue
  wrong.push(test)
  console.log(`WRONG  nothing switched off, and yet: ${[...failed, ...broken].join('; ')}`)
}
for (const mutant of chosen) {
  if (!(await check(mutant))) wrong.push(mutant.name)
}
await runner.close()
build.remove()
console.log(`\n${chosen.length} promises switched off one at a time; ${wrong.length} went unnoticed or wrong`)
process.exitCode = wrong.length === 0 ? 0 : 1
