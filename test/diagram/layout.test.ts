import fc from 'fast-check'
import { expect, test } from 'vitest'
import { breakerMachine, deliveryMachine, endpointMachine, sequencerMachine } from '../../machines/index.ts'
import { readChart } from '../../src/diagram/chart.ts'
import type { Chart } from '../../src/diagram/chart.ts'
import { layOutDiagram } from '../../src/diagram/layout.ts'
import { drawingFaults } from './drawing-faults.ts'
import { hostileChart } from './hostile-chart.ts'

const names = ['a', 'b', 'c', 'a longer name', 'e', 'f']

const charts: fc.Arbitrary<Chart> = fc.integer({ min: 1, max: names.length }).chain((count) => {
  const target = fc.constantFrom(...names.slice(0, count))
  const transition = fc.record({
    event: fc.constantFrom('go', 'something.happened', 'an.event.with.a.very.long.name'),
    guard: fc.constantFrom(null, 'isSo', 'isSoAndAlsoThatOtherThing'),
    target,
    effects: fc.subarray(['act', 'actOnceMore']),
  })
  return fc.tuple(...names.slice(0, count).map(() => fc.array(transition, { maxLength: 5 }))).map((lists) => ({
    id: 'any@1',
    initial: names[0]!,
    states: lists.map((transitions, index) => ({ name: names[index]!, tags: [], transitions })),
  }))
})

test.each([deliveryMachine, sequencerMachine, breakerMachine, endpointMachine])(
  'nothing in the drawing lies on anything else: $id',
  (machine) => {
    expect(drawingFaults(layOutDiagram(readChart(machine)))).toEqual([])
  },
)

test('nor in that of any other chart', () => {
  fc.assert(
    fc.property(charts, (chart) => {
      expect(drawingFaults(layOutDiagram(chart))).toEqual([])
    }),
    { numRuns: 60 },
  )
})

test('a name of any length and script takes the room it needs', () => {
  expect(drawingFaults(layOutDiagram(hostileChart()))).toEqual([])
})

test('a chart is laid out the same way each time', () => {
  fc.assert(
    fc.property(charts, (chart) => {
      expect(layOutDiagram(chart)).toEqual(layOutDiagram(chart))
    }),
    { numRuns: 20 },
  )
})
