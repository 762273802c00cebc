// Holds docs/operations.md to the code: every figure and every outcome has its row, and the rules name figures there are.
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { attemptOutcomes } from '../../src/server/metrics/attempt-outcome.ts'
import { figures } from '../../src/server/metrics/figures.ts'
import { resolveAlertOptions } from '../../src/server/alerts/alert-options.ts'
import { resolveStreamOptions } from '../../src/server/stream/stream-options.ts'
import { createServer } from '../../src/server/create-server.ts'
import { parsePrometheusText } from '../server/metrics/prometheus-text.ts'
import { startEngine } from '../support/start-engine.ts'
import { markdownBlocks, markdownTable, readPage } from './markdown-blocks.ts'

const page = readPage('docs/operations.md')
const rows = markdownTable(page, 'Figures')
const plain = (cell = '') => cell.replaceAll('`', '')

async function served(): Promise<Map<string, string>> {
  const engine = startEngine()
  const server = createServer(engine.service, { clock: engine.clock })
  const { text } = await server.inject({ method: 'GET', path: '/metrics' })
  await server.close()
  return new Map([...parsePrometheusText(text)].map(([name, { type }]) => [name, type]))
}

test('every figure that is served has its row, with its type and its label', async () => {
  const types = await served()
  const own = [...types].filter(([name]) => name.startsWith('webhook_'))
  expect(rows.map(([name, type]) => [plain(name), type]).sort()).toEqual(own.sort())
  for (const { name, label } of figures) {
    expect(rows.find(([shown]) => plain(shown) === name)?.[2], name).toBe(label === null ? '' : `\`${label}\``)
  }
})

test('every outcome of an attempt has its row', () => {
  const shown = markdownTable(page, 'Outcomes').flatMap(([outcomes]) => plain(outcomes).split(', '))
  expect(shown.sort()).toEqual([...attemptOutcomes].sort())
})

test('every option of alerts and streams has its row, with its default', () => {
  const alerts = markdownTable(page, 'Alerts').map(([name]) => plain(name))
  expect(alerts).toEqual(Object.keys(resolveAlertOptions({}, '')).map((name) => `alerts.${name}`))
  const streams = markdownTable(page, 'Live streams').map(([name, value]) => [plain(name), plain(value)])
  const defaults = Object.entries(resolveStreamOptions({}, ''))
  expect(streams.map(([name, value]) => [name, Number(value?.replaceAll('_', ''))])).toEqual(
    defaults.map(([name, value]) => [`stream.${name}`, value]),
  )
})

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly annotations: { readonly summary: string }
}

test('the rules for Prometheus are rules, and ask for figures that there are', async () => {
  const types = await served()
  const block = markdownBlocks(page).find(({ language }) => language === 'yaml')
  const { groups } = parse(block?.text ?? '') as { groups: { name: string; rules: Rule[] }[] }
  const rules = groups.flatMap((group) => group.rules)
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  for (const { alert, expr, annotations, for: held = '0s' } of rules) {
    expect(alert).toMatch(/^[A-Z]\w+$/)
    expect(held).toMatch(/^\d+[smh]$/)
    expect(annotations.summary).not.toBe('')
    const named = expr.match(/webhook_\w+/g) ?? []
    expect(named.filter((name) => !types.has(name))).toEqual([])
    expect(named.length > 0 || expr.startsWith('up{')).toBe(true)
  }
})
