import { expect, test } from 'vitest'
import { checkBounds, checkHeap, heapGrowth, mostGrowthBytes } from './bounds.ts'

const reading = (second: number, heapBytes: number) => ({ atMs: second * 1000, heapBytes, rssBytes: 0 })
const minute = Array.from({ length: 60 }, (_, second) => second)

test('finds a quantity beyond its limit, and no other', () => {
  const gauges = { sockets: { most: 3, limit: 3 }, timers: { most: 4, limit: 3 } }
  expect(checkBounds(gauges)).toEqual(['timers: there were 4, and may be 3'])
})

test('accepts a heap that fills its room in the first half, and goes up and down after', () => {
  const heap = minute.map((second) => reading(second, Math.min(second, 30) * 2 ** 20 + (second % 2) * 2 ** 20))
  expect(checkHeap(heap)).toEqual([])
})

test('finds a heap that goes on growing', () => {
  const perSecond = (2 * mostGrowthBytes) / 30
  const heap = minute.map((second) => reading(second, second * perSecond))
  expect(heapGrowth(heap)).toBeCloseTo(29 * perSecond)
  expect(checkHeap(heap)).toHaveLength(1)
})

test('says nothing of a heap that was read once', () => {
  expect(checkHeap([reading(0, 1)])).toEqual([])
})
