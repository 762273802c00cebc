import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RingQueue } from '../../src/collections/ring-queue.ts'

test('gives back what was put in, first in, first out, however it grows and wraps', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (steps) => {
      const queue = new RingQueue<number>()
      const model: number[] = []
      for (const [index, push] of steps.entries()) {
        if (push) {
          queue.push(index)
          model.push(index)
        } else {
          expect(queue.first).toBe(model[0])
          expect(queue.shift()).toBe(model.shift())
        }
        expect(queue.size).toBe(model.length)
      }
      while (model.length > 0) expect(queue.shift()).toBe(model.shift())
      expect(queue.shift()).toBeUndefined()
    }),
  )
})

test('keeps its order when it grows while it wraps', () => {
  const queue = new RingQueue<number>()
  for (let item = 0; item < 16; item += 1) queue.push(item)
  for (let item = 0; item < 10; item += 1) queue.shift()
  for (let item = 16; item < 50; item += 1) queue.push(item)
  expect(Array.from({ length: queue.size }, () => queue.shift())).toEqual(
    Array.from({ length: 40 }, (_, index) => index + 10),
  )
})
