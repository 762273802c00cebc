import { expect, test } from 'vitest'
import { RememberedIds } from '../../../src/cli/receive/remembered-ids.ts'

test('forgets the oldest when it is full', () => {
  const ids = new RememberedIds(2)
  for (const id of ['a', 'b', 'b', 'a', 'c']) ids.add(id)
  expect(['a', 'b', 'c'].map((id) => ids.has(id))).toEqual([false, true, true])
})
