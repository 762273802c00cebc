import { describe, expect, test } from 'vitest'
import { StorageError } from '../../src/errors/errors.ts'
import { CommitCycle } from '../../src/sqlite/commit-cycle.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'

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

describe('a group', () => {
  test('is committed once a turn of the event loop brought nothing for it', () => {
    const { cycle, turn, written } = startCycle()
    cycle.wanted()
    turn()
    cycle.wanted()
    turn()
    expect(written()).toBe(0)
    turn()
    expect(written()).toBe(1)
  })

  test('that each turn brings something for is committed in the fourth', () => {
    const { cycle, turn, written } = startCycle()
    const after = Array.from({ length: 8 }, () => {
      cycle.wanted()
      turn()
      return written()
    })
    expect(after).toEqual([0, 0, 0, 1, 1, 1, 1, 2])
  })

  test('that has nothing new is committed in the next turn', () => {
    const { cycle, turn, written } = startCycle()
    cycle.afterCommit(() => undefined)
    turn()
    expect(written()).toBe(1)
  })
})

/** A cycle whose event loop goes round when the test says so. */
function startCycle(): { cycle: CommitCycle; turn: () => void; written: () => number } {
  const scheduled: (() => void)[] = []
  let written = 0
  const cycle = new CommitCycle({
    schedule: (commit) => void scheduled.push(commit),
    clock: createVirtualClock(),
    write: () => void (written += 1),
    report: () => undefined,
  })
  return { cycle, turn: () => scheduled.shift()?.(), written: () => written }
}
