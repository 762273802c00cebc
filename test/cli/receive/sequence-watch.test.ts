import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SequenceWatch } from '../../../src/cli/receive/sequence-watch.ts'

function accept(watch: SequenceWatch, ...sequences: number[]): number[] {
  return sequences.map((sequence) => {
    watch.arrived('/a', sequence)
    return watch.accepted('/a', sequence)
  })
}

test('counts what is passed over, and what comes late', () => {
  const watch = new SequenceWatch()
  expect(accept(watch, 5, 6, 9, 10)).toEqual([0, 0, 2, 0])
  expect([watch.missing, watch.late]).toEqual([2, 0])
  accept(watch, 8, 8, 7)
  expect([watch.missing, watch.late]).toEqual([0, 2])
})

test('misses nothing from before the first that came, but that one when it was not accepted', () => {
  const watch = new SequenceWatch()
  accept(watch, 7, 3)
  expect(watch.missing).toBe(0)
  watch.arrived('/b', 1)
  watch.arrived('/b', 2)
  expect(watch.accepted('/b', 2)).toBe(1)
})

test('keeps lines apart', () => {
  const watch = new SequenceWatch()
  accept(watch, 1)
  watch.arrived('/b', 3)
  expect(watch.accepted('/b', 3)).toBe(0)
})

test('forgets the line that came first when there are too many, and the oldest gap', () => {
  const watch = new SequenceWatch(1, 1)
  accept(watch, 1, 3, 5)
  expect(watch.missing).toBe(2)
  accept(watch, 2)
  expect([watch.missing, watch.late]).toEqual([2, 0])
  accept(watch, 4)
  expect([watch.missing, watch.late]).toEqual([1, 1])
  watch.arrived('/b', 1)
  expect(watch.accepted('/a', 9)).toBe(0)
})

test('misses exactly the numbers between the first and the highest that were not accepted', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sequences) => {
      const watch = new SequenceWatch()
      accept(watch, ...sequences)
      const first = sequences[0]!
      const came = new Set(sequences.filter((sequence) => sequence >= first))
      expect(watch.missing).toBe(Math.max(...came) - first + 1 - came.size)
    }),
  )
})
