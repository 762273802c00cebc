import { expect, test } from 'vitest'
import { toMermaid } from '../../src/diagram/mermaid.ts'
import { doorChart } from './door-chart.ts'
import { hostileChart } from './hostile-chart.ts'

test('draws events, guards and effects, and no event that is only ignored', () => {
  expect(toMermaid(doorChart)).toBe(
    [
      'stateDiagram-v2',
      '  [*] --> shut',
      '  shut --> ajar: open [isUnlocked] / creak, ring',
      '  shut --> ajar: kick',
      '  shut --> shut: open [else] / rattle',
      '  ajar --> shut: shut',
    ].join('\n'),
  )
})

test('writes names that would mean something as character references, below an id of their own', () => {
  const name = 'a "b": <c>; %% #1; **d** _e_'
  const chart = {
    id: 'x@1',
    initial: name,
    states: [
      { name, tags: [], transitions: [{ event: 'end', guard: null, target: 'end', effects: [] }] },
      { name: 'end', tags: [], transitions: [] },
    ],
  }
  const written = 'a #34;b#34;#58; #60;c#62;#59; #37;#37; #35;1#59; #42;#42;d#42;#42; #95;e#95;'
  expect(toMermaid(chart)).toBe(
    [
      'stateDiagram-v2',
      `  state "${written}" as state_1`,
      '  state "end" as state_2',
      '  [*] --> state_1',
      '  state_1 --> state_2: end',
    ].join('\n'),
  )
})

test('has no line that is not one of its own, whatever the names', () => {
  const text = String.raw`(?:[^"#:;<>{}%\x00-\x1f\\\x60&|~^_]|#\d+;)*`
  const line = new RegExp(`^  (?:state "${text}" as state_\\d+|(?:\\[\\*\\]|\\w+) --> \\w+(?:: ${text})?)$`, 'u')
  const [first, ...lines] = toMermaid(hostileChart()).split('\n')
  expect(first).toBe('stateDiagram-v2')
  expect(lines.filter((one) => !line.test(one))).toEqual([])
})
