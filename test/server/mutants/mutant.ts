import type { Patch } from '../../support/test-build.ts'

/** One promise of the service switched off in its sources, and the tests that have to notice. */
export interface Mutant {
  /** What does not hold any more. */
  readonly name: string
  /** Test files, from `test/`, the likeliest first. */
  readonly tests: readonly string[]
  readonly patches: readonly Patch[]
}

/** @param tests a test file, from `test/` and without `.test.ts`, or several with a space between */
export function mutant(name: string, tests: string, ...patches: [file: string, find: string, put: string][]): Mutant {
  return {
    name,
    tests: tests.split(' ').map((test) => `test/${test}.test.ts`),
    patches: patches.map(([file, find, put]) => ({ file: `src/${file}`, find, put })),
  }
}
