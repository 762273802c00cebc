import type { Chart } from '../../src/diagram/chart.ts'

/** Names that mean something in one of the formats: written as they are, they would end, change or run something. */
export const hostileNames = [
  '</title><script>alert(1)</script>',
  `"quoted" & 'apostrophed' \\ back\\"slash`,
  'end',
  'Node',
  'start_point',
  'state_1',
  '[*]',
  '--> there: what; not %% a comment',
  '{curly} #35; &amp; `ticks` <br/>',
  'line\nbreak\ttab\r\0',
  '\u001b[31mred\u001b[0m\u0007',
  '\u202eturned\u2066round\ufeff',
  '\ud800 lone surrogate',
  '漢字 ünï 🙂',
  '__proto__',
]

/** Each name as a state, an event, a guard, an effect and a tag. Each state leads to the next and to the first, or stays. */
export function hostileChart(): Chart {
  const first = hostileNames[0]!
  const states = hostileNames.map((name, index) => ({
    name,
    tags: [name],
    transitions: [
      { event: name, guard: name, target: hostileNames[(index + 1) % hostileNames.length]!, effects: [name] },
      { event: 'home', guard: null, target: first, effects: [] },
      { event: name, guard: 'else', target: name, effects: [name, name] },
    ],
  }))
  return { id: first, initial: first, states }
}
