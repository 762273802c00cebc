import { format, resolveConfig } from 'prettier'
import { describe, expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { breakerMachine, deliveryMachine, endpointMachine, sequencerMachine } from '../../machines/index.ts'
import { toMermaid } from '../../src/diagram/mermaid.ts'
import { withDiagrams } from '../../scripts/diagram-page.ts'
import { readChart } from '../../src/diagram/chart.ts'
import { readPage } from './markdown-blocks.ts'

const path = 'docs/states.md'

test('the states page shows the machines as they are (else run: npm run diagrams)', async () => {
  const page = readPage(path)
  expect(page).toBe(await format(withDiagrams(page), { ...(await resolveConfig(path)), filepath: path }))
})

test.each([deliveryMachine, sequencerMachine, breakerMachine, endpointMachine])(
  'the states page explains every guard: $id',
  (machine) => {
    const guards = readChart(machine).states.flatMap(({ transitions }) => transitions.map(({ guard }) => guard))
    const page = readPage(path)
    expect(guards.filter((guard) => guard !== null && !page.includes(`| \`${guard}\``))).toEqual([])
  },
)

describe('a diagram', () => {
  const machine = createMachine({
    id: 'door',
    version: '3',
    initial: 'shut',
    states: {
      shut: {
        tags: 'safe',
        on: { open: [{ guard: 'isUnlocked', target: 'ajar', actions: 'creak' }, { actions: 'rattle' }] },
      },
      ajar: { on: { shut: { target: 'shut' }, knock: {} } },
    },
  })

  test('draws events, guards and effects, and no event that is only ignored', () => {
    expect(toMermaid(readChart(machine))).toBe(
      [
        'stateDiagram-v2',
        '  [*] --> shut',
        '  shut --> ajar: open [isUnlocked] / creak',
        '  shut --> shut: open [else] / rattle',
        '  ajar --> shut: shut',
      ].join('\n'),
    )
  })

  test('is refused for states inside states', () => {
    const nested = createMachine({ initial: 'a', states: { a: { initial: 'b', states: { b: {} } } } })
    expect(() => readChart(nested)).toThrow('is not flat')
  })
})
