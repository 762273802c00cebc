// What README.md tells a reader to type or to paste is what runs here, or in the tests of the examples it shows.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, it, test } from 'vitest'
import { headings, markdownBlocks, readPage, sectionUnder } from './markdown-blocks.ts'

const readme = readPage('README.md')
const blocks = markdownBlocks(readme)

/** Lines that do not run here, and why. */
const notRun: ReadonlyMap<string, string> = new Map([
  ['git clone https://github.com/hookline/hookline', 'it needs the network'],
  ['cd hookline', 'it is where the tests run'],
  ['npm ci', 'it would take away what runs this test'],
  ['npm test', 'it is what runs this test'],
  ['npm run demo -- --log demo.jsonl', 'test/examples/demo.test.ts runs it, and leaves no file here'],
  ['npm run hookline -- replay demo.jsonl', 'test/cli/replay.test.ts runs it on logs of its own'],
  [
    'npm run build && npm run hookline -- inspect demo.jsonl --open',
    'it serves until it is stopped; test/cli/inspect.test.ts runs it',
  ],
  ['npm install hookline', 'it needs a registry; scripts/check-runtimes.ts installs the packed package'],
])

const commandLimitMs = 90_000

test('the first block under "Test" is what CI runs', () => {
  const [first] = markdownBlocks(sectionUnder(readme, 'Test'))
  expect(first).toMatchObject({ language: 'sh', marks: [], text: 'npm ci\nnpm test' })
})

test('every program is the example named above it, imported from the package', () => {
  const lines = readme.split('\n')
  const programs = blocks.filter(({ language }) => language === 'ts')
  expect(programs.length).toBeGreaterThan(0)
  for (const { text, line } of programs) {
    const example = /^<!-- (examples\/[a-z-]+\.ts) -->$/.exec(lines[line - 3] ?? '')?.[1]
    expect(example, `line ${line} names no example`).toBeDefined()
    expect(text).toBe(asPublished(readPage(example!)))
    expect(existsSync(`test/${example!.replace('.ts', '.test.ts')}`), `${example!} has a test`).toBe(true)
  }
})

it('has no block that nobody checks', () => {
  const languages = new Set(blocks.map(({ language, marks }) => [language, ...marks].join(' ')))
  // What is marked is run by run-the-service.test.ts.
  expect(languages).toEqual(new Set(['sh', 'sh serves', 'sh asks', 'ts']))
})

it('links only to what is there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)#?([^)]*)\)/g)]
  expect(links.length).toBeGreaterThan(0)
  for (const [, path, anchor] of links) {
    expect(existsSync(path!), path).toBe(true)
    if (anchor !== '') expect(headings(readPage(path!)).map(anchorOf), path).toContain(anchor)
  }
})

test('every command that can run here runs', { timeout: commandLimitMs }, async () => {
  const lines = blocks
    .filter(({ language, marks }) => language === 'sh' && marks.length === 0)
    .flatMap(({ text }) => text.split('\n'))
  const commands = new Set(lines.filter((line) => !notRun.has(line)))
  expect(commands.size).toBeGreaterThan(0)
  for (const command of commands) await promisify(execFile)('sh', ['-c', command], { timeout: commandLimitMs })
})

function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(' ', '-')
}

/** An example of this repository as a user of the package writes it. */
function asPublished(source: string): string {
  return source
    .replaceAll("'../src/index.ts'", "'hookline'")
    .replaceAll("'../src/sqlite/index.ts'", "'hookline/sqlite'")
    .replaceAll("'../src/verify/index.ts'", "'hookline/verify'")
    .trimEnd()
}
