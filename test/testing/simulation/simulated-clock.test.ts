import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SeededSource } from '../../../src/testing/simulation/seeded-source.ts'
import { SimulatedClock } from '../../../src/testing/simulation/simulated-clock.ts'

function clockOf(seed: number): SimulatedClock {
  return new SimulatedClock(0, new SeededSource(seed))
}

test('calls what is due in the order of its times, and nothing that was cancelled', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ delayMs: fc.nat(50), cancelled: fc.boolean() })), fc.nat(), (planned, seed) => {
      const clock = clockOf(seed)
      const called: number[] = []
      const dues = planned.map(({ delayMs }) => clock.in(delayMs, () => called.push(clock.elapsedMs)))
      planned.forEach(({ cancelled }, index) => {
        if (cancelled) clock.cancel(dues[index]!)
      })
      while (clock.callNext(1000));
      const kept = planned.filter(({ cancelled }) => !cancelled).map(({ delayMs }) => delayMs)
      expect(called).toEqual(kept.sort((one, other) => one - other))
    }),
  )
})

test('of two things due at once chance says which comes first, the same way for one seed', () => {
  const first = (seed: number): string => {
    const clock = clockOf(seed)
    let came = ''
    clock.in(5, () => (came += 'a'))
    clock.in(5, () => (came += 'b'))
    while (clock.callNext(5));
    return came
  }
  const all = Array.from({ length: 40 }, (_, seed) => first(seed))
  expect(new Set(all)).toEqual(new Set(['ab', 'ba']))
  expect(Array.from({ length: 40 }, (_, seed) => first(seed))).toEqual(all)
})

test('stays where it is when nothing is due in time', () => {
  const clock = clockOf(1)
  clock.in(10, () => undefined)
  expect(clock.callNext(9)).toBe(false)
  expect(clock.elapsedMs).toBe(0)
})

test('a jump moves the wall clock and nothing that is due', () => {
  const clock = clockOf(1)
  let calledAt = 0
  clock.in(10, () => (calledAt = clock.elapsedMs))
  clock.jump(-5000)
  clock.callNext(10)
  expect(calledAt).toBe(10)
  expect(clock.wallMs).toBe(-4990)
})
