import fc from 'fast-check'
import { expect, test } from 'vitest'
import { systemIds } from '../../../src/ids/ids.ts'
import { isSampled } from '../../../src/inspect/stately/sampling.ts'

test('a larger sample holds every event of a smaller one', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (id, one, other) => {
        const [smaller, larger] = one < other ? [one, other] : [other, one]
        expect(!isSampled(id, smaller) || isSampled(id, larger)).toBe(true)
      },
    ),
  )
})

test.each([
  ['ids that count', (place: number) => `evt_${place}`],
  ['ids by chance', () => systemIds.eventId()],
])('picks about the share asked for of %s', (_, idOf) => {
  const ids = Array.from({ length: 10_000 }, (__, place) => idOf(place))
  for (const share of [0.01, 0.1, 0.5, 0.9]) {
    const picked = ids.filter((id) => isSampled(id, share)).length / ids.length
    expect(Math.abs(picked - share)).toBeLessThan(0.025)
  }
})

test('picks all or none when asked to', () => {
  fc.assert(
    fc.property(fc.string(), (id) => {
      expect(isSampled(id, 1)).toBe(true)
      expect(isSampled(id, 0)).toBe(false)
    }),
  )
})
