// Holds docs/coming-from-another-system.md to its tests: each row has one whose name begins with the row's id, and each of those a row.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { markdownTable, readPage } from './markdown-blocks.ts'

const systems: readonly (readonly [letter: string, heading: string])[] = [
  ['A', 'An in-process sender'],
  ['B', 'A delivery guide'],
  ['C', 'A payment dispatcher'],
  ['D', 'A webhook service with a dead letter queue'],
  ['E', 'A partner notification service'],
]

/** What hookline does not have yet, the only rows without a test; the page says so of each. */
const stillToCome = ['B19', 'C20', 'C21', 'C22', 'D36', 'E17']

const page = readPage('docs/coming-from-another-system.md')
const rowsOf = (heading: string) => markdownTable(page, heading)
const rows = systems.flatMap(([, heading]) => rowsOf(heading))

/** Only tests that run count: `it.skip('A1 …` and `it.todo('A1 …` are none. */
function testedIds(): string[] {
  const folder = new URL('../acceptance/systems/', import.meta.url)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) =>
      Array.from(readFileSync(new URL(file, folder), 'utf8').matchAll(/^\s*it\(\s*'([A-Z]\d+) /gm), ([, id]) => id!),
    )
}

const inOrder = (ids: readonly string[]) => [...ids].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))

test.each(systems)('the rows of %s are numbered from 1, without a gap', (letter, heading) => {
  const ids = rowsOf(heading).map(([id]) => id)
  expect(ids).toEqual(ids.map((_, index) => `${letter}${index + 1}`))
})

test('every row is held by one acceptance test, and every such test holds a row', () => {
  const held = rows.filter(([, , here]) => here !== '**still to come**').map(([id = '']) => id)
  expect(inOrder(testedIds())).toEqual(inOrder(held))
})

test('no row is still to come but those of several processes', () => {
  const exempt = rows.filter(([, , here]) => here === '**still to come**').map(([id = '']) => id)
  expect(exempt).toEqual(stillToCome)
})

test('every row says what is there, where it is here, and how', () => {
  for (const row of rows) {
    expect(row, row[0]).toHaveLength(4)
    expect(
      row.every((cell) => cell !== ''),
      row[0],
    ).toBe(true)
  }
})
