import { expect, test } from 'vitest'
import { submittedAt } from '../../soak/small-history.ts'
import { evidence, records } from '../small-evidence.ts'
import { checkPlaces } from './places.ts'

function check(...places: number[]): string[] {
  const steps = places.map((place, index) => [`evt_${index + 1}`, submittedAt(place)] as const)
  return checkPlaces(evidence({ records: records(steps), arrivals: [] }))
}

test('accepts places one after the other', () => {
  expect(check(1, 2, 3)).toEqual([])
})

test('finds a gap', () => {
  expect(check(1, 3)).toEqual(['evt_2 has place 3 of its line, and 2 was next'])
})

test('finds a place that was given twice', () => {
  expect(check(1, 1)).toEqual(['evt_2 has place 1 of its line, and 2 was next'])
})
