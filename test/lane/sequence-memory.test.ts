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

  test('is bounded: a line it forgot goes on after the highest place forgotten of its endpoint', () => {
    const memory = new SequenceMemory(2)
    memory.remember('ep_1', 'a', 7)
    memory.remember('ep_1', 'b', 2)
    memory.remember('ep_2', 'a', 1)
    expect(memory.recall('ep_1', 'a')).toBe(7) // its own place, or no lower one
    expect(memory.recall('ep_1', 'never there')).toBe(7)
    expect(memory.recall('ep_1', 'b')).toBe(2)
    expect(memory.recall('ep_2', 'a')).toBe(1)
    expect(memory.recall('ep_2', 'never there')).toBe(0)
  })

  test('never gives a place twice, however many lines there are', () => {
    const memory = new SequenceMemory(20)
    const highest = new Map<string, number>()
    for (let step = 0; step < 5000; step += 1) {
      const key = String((step * 7919) % 101)
      const last = memory.recall('ep_1', key)
      expect(last).toBeGreaterThanOrEqual(highest.get(key) ?? 0)
      highest.set(key, last + 1)
      memory.remember('ep_1', key, last + 1)
    }
  })

  test('keeps to its limit, and the latest in it, through very many lines', () => {
    const limit = 1000
    const memory = new SequenceMemory(limit)
    for (let line = 1; line <= 10 * limit; line += 1) memory.remember(`ep_${line}`, 'a', 10 * limit + line)
    for (let line = 1; line <= 10 * limit; line += 1) memory.remember('ep_0', String(line), line)
    const kept: number[] = []
    for (let line = 1; line <= 10 * limit; line += 1) {
      if (memory.recall('ep_0', String(line)) === line) kept.push(line)
    }
    expect(kept.length).toBeLessThanOrEqual(limit + 1) // the highest forgotten is known beside them
    expect(kept.length).toBeGreaterThanOrEqual(limit * 0.9 - 1)
    const ofEndpoints = Array.from({ length: 10 * limit }, (_, index) => memory.recall(`ep_${index + 1}`, 'a'))
    expect(ofEndpoints.filter((place) => place > 0)).toHaveLength(limit - 1)
    expect(ofEndpoints.at(-1)).toBe(20 * limit)
  })
})
