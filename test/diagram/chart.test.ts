import { describe, expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { readChart } from '../../src/diagram/chart.ts'

describe('a chart', () => {
  test('holds states with their tags, and transitions with event, guard, target and effects', () => {
    const machine = createMachine({
      id: 'door',
      version: '3',
      initial: 'shut',
      states: {
        shut: {
          tags: 'safe',
          on: { open: [{ guard: 'isUnlocked', target: 'ajar', actions: 'creak' }, { actions: 'rattle' }] },
        },
        ajar: { on: { knock: {} } },
      },
    })
    expect(readChart(machine)).toEqual({
      id: 'door@3',
      initial: 'shut',
      states: [
        {
          name: 'shut',
          tags: ['safe'],
          transitions: [
            { event: 'open', guard: 'isUnlocked', target: 'ajar', effects: ['creak'] },
            { event: 'open', guard: 'else', target: 'shut', effects: ['rattle'] },
          ],
        },
        { name: 'ajar', tags: [], transitions: [{ event: 'knock', guard: null, target: 'ajar', effects: [] }] },
      ],
    })
  })

  test('is refused for states inside states', () => {
    const nested = createMachine({ initial: 'a', states: { a: { initial: 'b', states: { b: {} } } } })
    expect(() => readChart(nested)).toThrow('is not flat')
  })
})
