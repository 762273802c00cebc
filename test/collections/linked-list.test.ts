import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LinkedList } from '../../src/collections/linked-list.ts'
import type { Linked } from '../../src/collections/linked-list.ts'

class Item implements Linked<Item> {
  previous: Item | null = null
  next: Item | null = null
}

const listOf = (...items: Item[]): LinkedList<Item> => {
  const list = new LinkedList<Item>()
  for (const item of items) list.push(item)
  return list
}

test('keeps order at both ends and wherever an item leaves', () => {
  const anyStep = fc.record({ kind: fc.constantFrom('push', 'unshift', 'remove'), at: fc.nat() })
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const list = new LinkedList<Item>()
      const model: Item[] = []
      for (const { kind, at } of steps) {
        if (kind === 'remove') {
          const [item] = model.splice(at % (model.length || 1), 1)
          if (item !== undefined) list.remove(item)
        } else {
          const item = new Item()
          list[kind === 'push' ? 'push' : 'unshift'](item)
          model[kind === 'push' ? 'push' : 'unshift'](item)
        }
        expect([list.size, list.first, list.last]).toEqual([model.length, model[0] ?? null, model.at(-1) ?? null])
        expect([...list].every((item, index) => item === model[index])).toBe(true)
      }
    }),
    { numRuns: 50 },
  )
})

test('lets go of an item wholly, so that it can join another list', () => {
  const [a, b, c] = [new Item(), new Item(), new Item()]
  const list = listOf(a, b, c)
  list.remove(b)
  expect([b.previous, b.next]).toEqual([null, null])
  const other = listOf(b)
  expect([...other]).toEqual([b])
  expect(list.size).toBe(2)
})

test('may lose the item at hand while it is iterated', () => {
  const items = [new Item(), new Item(), new Item()]
  const list = listOf(...items)
  const seen: Item[] = []
  for (const item of list) {
    seen.push(item)
    list.remove(item)
  }
  expect(seen).toEqual(items)
  expect(list.size).toBe(0)
})
