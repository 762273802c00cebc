import fc from 'fast-check'
import { expect, test } from 'vitest'
import { systemIds } from '../../src/ids/ids.ts'
import { timePrefix } from '../../src/ids/time-prefix.ts'

const atMs = fc.integer({ min: 0, max: 64 ** 8 - 1 })

test('texts of times sort as the times do', () => {
  fc.assert(
    fc.property(atMs, atMs, (one, other) => {
      const [oneText, otherText] = [timePrefix(one), timePrefix(other)]
      expect(oneText).toMatch(/^[\w-]{8}$/)
      expect(oneText < otherText).toBe(one < other)
    }),
  )
})

test('ids of events begin with the time, are as long as each other, and none is given twice', () => {
  const ids = Array.from({ length: 10_000 }, () => systemIds.eventId())
  expect(new Set(ids).size).toBe(10_000)
  expect(ids.every((id) => /^evt_[\w-]{24}$/.test(id))).toBe(true)
  const prefixes = ids.map((id) => id.slice(0, 12))
  expect([...prefixes].sort()).toEqual(prefixes)
})
