import { join } from 'node:path'
import { createVitest } from 'vitest/node'
import type { TestCase, TestRunResult, TestSpecification, Vitest } from 'vitest/node'

/** What a run of test files came to. */
export interface TestRun {
  /** The names of the tests that failed; the run ends with the first. */
  readonly failed: readonly string[]
  /** Why a file could not be run at all. */
  readonly broken: readonly string[]
}

/** Vitest on the sources of a folder, started once for many runs: starting it takes as long as most of them. */
export class TestRunner {
  readonly #vitest: Vitest
  readonly #folder: string
  readonly #failed: string[]

  private constructor(vitest: Vitest, folder: string, failed: string[]) {
    this.#vitest = vitest
    this.#folder = folder
    this.#failed = failed
  }

  static async start(folder: string): Promise<TestRunner> {
    const failed: string[] = []
    const note = (test: TestCase): void => {
      if (test.result().state !== 'failed') return
      failed.push(`${test.module.relativeModuleId}: ${test.fullName}`)
      void vitest.cancelCurrentRun('test-failure')
    }
    const vitest: Vitest = await createVitest('test', {
      root: folder,
      watch: false,
      maxWorkers: 1,
      reporters: [{ onTestCaseResult: note }],
    })
    return new TestRunner(vitest, folder, failed)
  }

  /**
   * @param tests paths from the folder
   * @param changed files that are not as they were at the last run, from the folder
   */
  async run(tests: readonly string[], changed: readonly string[]): Promise<TestRun> {
    for (const file of changed) this.#vitest.invalidateFile(join(this.#folder, file))
    this.#failed.length = 0
    const { testModules, unhandledErrors } = await this.#runAll(tests)
    const ran = testModules.filter(({ relativeModuleId }) => tests.includes(relativeModuleId))
    const errors = [...ran.flatMap((module) => module.errors()), ...unhandledErrors]
    return { failed: [...this.#failed], broken: errors.map(messageOf) }
  }

  close(): Promise<void> {
    return this.#vitest.close()
  }

  /** The tests of commands run the program as it was built, and it is built anew for them; for the others that would be in vain. */
  #runAll(tests: readonly string[]): Promise<TestRunResult> {
    const specifications = this.#specificationsOf(tests)
    return tests.some((test) => test.startsWith('test/cli/'))
      ? this.#vitest.rerunTestSpecifications(specifications)
      : this.#vitest.runTestSpecifications(specifications)
  }

  #specificationsOf(tests: readonly string[]): TestSpecification[] {
    const project = this.#vitest.getRootProject()
    return tests.map((test) => project.createSpecification(join(this.#folder, test)))
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)
    ? String(error.message)
    : String(error)
}
