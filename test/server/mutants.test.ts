import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mutants } from './mutants/mutants.ts'

// The mutation check itself takes minutes; that its edits fit the sources is seen at once.
test.each(mutants)('$name: what is switched off is in the sources exactly once', ({ patches, tests }) => {
  const found = patches.map(({ file, find }) => readFileSync(file, 'utf8').split(find).length - 1)
  expect(found).toEqual(patches.map(() => 1))
  expect(tests.filter((file) => !existsSync(file))).toEqual([])
})
