import { describe, expect, test } from 'vitest'
import { SequenceMemory } from '../../src/lane/sequence-memory.ts'

describe('the memory of idle lines', () => {
  test('gives a line its last place back, once', () => {
    const memory = new SequenceMemory(10)
    memory.remember('ep_1', 'a', 7)
    memory.remember('ep_2', 'a', 3)
    expect([memory.recall('ep_1', 'a'), memory.recall('ep_1', 'a')]).toEqual([7, 0])
    expect(memory.recall('ep_2', 'a')).toBe(3)
    expect(memory.recall('ep_3', 'a')).toBe(0)
  })

  test('does not mistake one line for another', () => {
    const memory = new SequenceMemory(10)
    memory.remember('ep_1', 'a b', 1)
    memory.remember('ep_1', 'a', 2)
    memory.remember('ep_1', '', 3)
    expect([memory.recall('ep_1', ''), memory.recall('ep_1', 'a b'), memory.recall('ep_1', 'a')]).toEqual([3, 1, 2])
  })

  test('is bounded, and forgets the line that was idle longest', () => {
    const memory = new SequenceMemory(2)
    memory.remember('ep_1', 'a', 1)
    memory.remember('ep_1', 'b', 2)
    memory.remember('ep_1', 'a', 3)
    memory.remember('ep_1', 'c', 4)
    expect(
      ['a', 'b', 'c'].map((key) => memory.recall('ep_1', key)).filter((place) => place > 0).length,
    ).toBeLessThanOrEqual(2)
    expect(memory.recall('ep_1', 'c')).toBe(0) // taken out just above
  })

  test('keeps to its limit, and the latest in it, through very many lines', () => {
    const limit = 1000
    const memory = new SequenceMemory(limit)
    for (let line = 1; line <= 10 * limit; line += 1) memory.remember('ep_1', String(line), line)
    const kept: number[] = []
    for (let line = 1; line <= 10 * limit; line += 1) if (memory.recall('ep_1', String(line)) > 0) kept.push(line)
    expect(kept.length).toBeLessThanOrEqual(limit)
    expect(kept.length).toBeGreaterThanOrEqual(limit * 0.9 - 1)
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 10 * limit - kept.length + 1 + index))
  })
})
