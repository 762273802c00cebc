import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MinHeap } from '../../src/collections/min-heap.ts'

const operations = fc.array(fc.oneof(fc.nat({ max: 50 }), fc.constantFrom('shift' as const, 'keep' as const)))

test('the lowest comes out first, whatever went in and out before', () => {
  fc.assert(
    fc.property(operations, (given) => {
      const heap = new MinHeap<{ readonly place: number }>()
      let places: number[] = []
      for (const operation of given) {
        if (operation === 'shift') expect(heap.shift()?.place).toBe(places.shift())
        else if (operation === 'keep') {
          heap.keep(({ place }) => place % 3 !== 0)
          places = places.filter((place) => place % 3 !== 0)
        } else {
          heap.push({ place: operation })
          places = [...places, operation].sort((one, other) => one - other)
        }
        expect([heap.size, heap.first?.place]).toEqual([places.length, places[0]])
      }
    }),
  )
})
