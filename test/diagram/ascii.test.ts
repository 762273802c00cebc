import { expect, test } from 'vitest'
import { toAscii } from '../../src/diagram/ascii.ts'
import { diagramNames, drawDiagram } from '../../src/diagram/draw-diagram.ts'
import { doorChart } from './door-chart.ts'
import { hostileChart } from './hostile-chart.ts'

test('lists each state with the ways in and the ways out, one below the other', () => {
  expect(toAscii(doorChart)).toBe(
    [
      'door@3, starts in shut',
      '',
      'shut (settled)  <-- ajar',
      '  open [isUnlocked]  --> ajar     / creak, ring',
      '  kick               --> ajar',
      '  open [else]            (stays)  / rattle',
      '',
      'ajar  <-- shut',
      '  shut               --> shut',
    ].join('\n'),
  )
})

test.each(diagramNames)('is ASCII, and fits in 100 columns: %s', (name) => {
  expect(
    drawDiagram(name, 'ascii')
      .split('\n')
      .filter((line) => !/^[ -~]{0,100}$/.test(line)),
  ).toEqual([])
})

test('shows what would steer a terminal as its code point', () => {
  const drawing = toAscii(hostileChart())
  expect(drawing.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
  expect(drawing).toContain('\\u{1b}[31mred\\u{1b}[0m\\u{7}')
})
