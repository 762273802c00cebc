import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { markdownTable, readPage } from './markdown-blocks.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = readPage('docs/architecture.md')

test('every path that the architecture page names exists', () => {
  const spans = [...page.matchAll(/`([^`\s]+)`/g)].map(([, span]) => span!)
  const paths = spans.filter((span) => /^(src|machines|test|tools|\.)[/\w-]*[/.]/.test(span))
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.filter((path) => !existsSync(root + path))).toEqual([])
})

test('every folder of the sources has its row in the architecture page', () => {
  const shown = markdownTable(page, 'The house').map(([folder]) => folder?.replaceAll('`', ''))
  const folders = readdirSync(`${root}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(shown).toEqual(['machines', 'src', ...folders.map(({ name }) => `src/${name}`).sort()])
})
