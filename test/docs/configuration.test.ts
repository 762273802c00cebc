// Holds docs/configuration.md to the schema: a row for every key, in order, with all that the schema says of it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/cli/config/load-config.ts'
import { configurationRows } from './configuration-table.ts'
import { markdownBlocks, markdownTable, readPage } from './markdown-blocks.ts'

const page = readPage('docs/configuration.md')

test('the page has a row for every key, as the schema has it', () => {
  expect(markdownTable(page, 'Keys')).toEqual(configurationRows())
})

test('the file that the page shows is one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-configuration-'))
  const [file] = markdownBlocks(page).filter(({ language }) => language === 'yaml')
  writeFileSync(join(folder, 'hookline.yaml'), file!.text)
  const { config } = loadConfig({ flags: {}, environment: {}, folder })
  expect(config).toMatchObject({ retry: { maxAttempts: 17 }, alerts: { form: 'slack' } })
  rmSync(folder, { recursive: true })
})
