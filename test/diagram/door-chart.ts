import type { Chart } from '../../src/diagram/chart.ts'

/** A small chart with one of everything: a guard, effects, a tag, two ways between the same states, a reaction, an event ignored. */
export const doorChart: Chart = {
  id: 'door@3',
  initial: 'shut',
  states: [
    {
      name: 'shut',
      tags: ['settled'],
      transitions: [
        { event: 'open', guard: 'isUnlocked', target: 'ajar', effects: ['creak', 'ring'] },
        { event: 'kick', guard: null, target: 'ajar', effects: [] },
        { event: 'open', guard: 'else', target: 'shut', effects: ['rattle'] },
      ],
    },
    {
      name: 'ajar',
      tags: [],
      transitions: [
        { event: 'shut', guard: null, target: 'shut', effects: [] },
        { event: 'knock', guard: null, target: 'ajar', effects: [] },
      ],
    },
  ],
}
