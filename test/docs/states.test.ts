import { format, resolveConfig } from 'prettier'
import { expect, test } from 'vitest'
import { breakerMachine, deliveryMachine, endpointMachine, sequencerMachine } from '../../machines/index.ts'
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
