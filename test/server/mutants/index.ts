// The mutation check of the service: with any one promise switched off, one of the tests that are named has to fail; with
// none, all of them have to pass.
import { parseArgs } from 'node:util'
import { TestBuild } from '../../support/test-build.ts'
import type { Mutant } from './mutant.ts'
import { mutants } from './mutants.ts'
import { TestRunner } from './test-runner.ts'

const usage = `npm run mutants:server -- [flags]

  --only WORDS  those with these words in their names (default: all)
  --short       without those that start the program again and again
  --help`

const configs = ['package.json', 'tsconfig.json', 'vitest.config.ts', 'tsup.config.ts', 'tsup.cli.config.ts']
const parts = ['src', 'machines', 'test', 'tools', 'tsup.page.config.ts', ...configs]
/** Of one run. It is for tests that hang; the others take seconds. */
const limitMs = 300_000

/** A test that waits without giving its process back cannot be cancelled: the whole check ends. */
function withinLimit<T>(name: string, run: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {
    console.log(`WRONG  ${name}\n         it did not end within ${limitMs} ms`)
    process.exit(1)
  }, limitMs)
  return run.finally(() => clearTimeout(timer))
}

class MutationCheck {
  readonly #build: TestBuild
  readonly #runner: TestRunner
  #lastChanged: readonly string[] = []

  constructor(build: TestBuild, runner: TestRunner) {
    this.#build = build
    this.#runner = runner
  }

  /** What went wrong with a file of tests although nothing is switched off; null when nothing did. */
  async unmutated(test: string): Promise<string | null> {
    const { failed, broken } = await withinLimit(test, this.#runner.run([test], []))
    return [...failed, ...broken][0] ?? null
  }

  /** The test that noticed, or why none did. */
  async mutated({ name, tests, patches }: Mutant): Promise<{ readonly noticed: boolean; readonly found: string }> {
    const putBack = this.#build.apply(patches)
    const files = patches.map(({ file }) => file)
    const { failed, broken } = await withinLimit(name, this.#runner.run(tests, [...this.#lastChanged, ...files]))
    putBack()
    this.#lastChanged = files
    const [noticing] = failed
    if (noticing !== undefined) return { noticed: true, found: noticing }
    return { noticed: false, found: broken.length > 0 ? `no test could run: ${broken.join('; ')}` : 'no test noticed' }
  }
}

async function checkAll(chosen: readonly Mutant[]): Promise<number> {
  const build = new TestBuild(parts)
  // The program is built from where the process is.
  process.chdir(build.folder)
  const runner = await TestRunner.start(build.folder)
  const check = new MutationCheck(build, runner)
  let wrong = 0
  for (const test of new Set(chosen.flatMap(({ tests }) => tests))) {
    const failure = await check.unmutated(test)
    if (failure === null) continue
    wrong += 1
    console.log(`WRONG  nothing switched off\n         ${failure}`)
  }
  for (const mutant of chosen) {
    const startedMs = performance.now()
    const { noticed, found } = await check.mutated(mutant)
    if (!noticed) wrong += 1
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
    console.log(`${noticed ? 'ok   ' : 'WRONG'}  ${mutant.name} (${seconds} s)\n         ${found}`)
  }
  await runner.close()
  build.remove()
  return wrong
}

const { only, short, help } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    short: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
}).values
if (help) {
  console.log(usage)
} else {
  const startsProgram = ({ tests }: Mutant): boolean => tests.some((test) => test.startsWith('test/cli/serve/'))
  const chosen = mutants.filter((mutant) => mutant.name.includes(only) && !(short && startsProgram(mutant)))
  if (chosen.length === 0) throw new Error(`no promise has ${JSON.stringify(only)} in its name`)
  const wrong = await checkAll(chosen)
  console.log(`\n${chosen.length} promises switched off one at a time; ${wrong} went unnoticed or wrong`)
  process.exitCode = wrong === 0 ? 0 : 1
}
