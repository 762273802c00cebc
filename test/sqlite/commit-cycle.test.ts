import { expect, test } from 'vitest'
import { StorageError } from '../../src/errors/errors.ts'
import { CommitCycle } from '../../src/sqlite/commit-cycle.ts'

test('a held group keeps the process alive until it is written or given up', () => {
  const timers = new Set<object>()
  const clock = {
    setTimeout() {
      const timer = { unref: () => timers.delete(timer) }
      timers.add(timer)
      return timer
    },
    clearTimeout: (timer: object) => timers.delete(timer),
  }
  const full = new StorageError('the disk is full', 'full', true)
  const cycle = new CommitCycle({
    schedule: (commit) => commit(),
    clock,
    write() {
      throw full
    },
    report: () => undefined,
  })
  cycle.wanted()
  expect([cycle.condition, timers.size]).toEqual(['held', 1])
  cycle.end(full)
  expect(timers.size).toBe(0)
})
