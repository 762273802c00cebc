// Whatever the pages show as a program or a command is compiled and run here, and what they say it prints is compared.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { ProgramFolder, programsOf, stepsOf } from './doc-program.ts'
import { headings, markdownBlocks, readPage } from './markdown-blocks.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Checked by a test of its own. */
const elsewhere = new Set(['docs/benchmarks.md', 'docs/api-by-example.md'])

const pages = readdirSync(join(root, 'docs'))
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/${file}`)
  .filter((page) => !elsewhere.has(page))

/** Commands that cannot run here, and why. */
const notRun: ReadonlyMap<string, string> = new Map([
  ['npm install hookline', 'it needs a registry; scripts/check-runtimes.ts installs the packed package'],
  ['npm install hookline better-sqlite3', 'the same; it is installed here'],
  ['npm approve-scripts better-sqlite3', 'it writes package.json, where it stands'],
  ['npm rebuild better-sqlite3', 'it needs what compiles it, or a registry'],
  ['npm run diagrams', 'it writes docs/states.md, which states.test.ts compares with the same'],
])

/** Blocks that a test of the page's own runs: `hookline serve`, and what asks it while it serves. */
const whileServing = new Set(['sh serves', 'sh asks'])

/** What may stand in a block. Whatever else there is would be checked by nobody. */
const languages = new Set(['ts', 'ts continues', 'text output', 'sh', 'sh exits-1', 'sh exits-2', 'mermaid', 'yaml'])

const stepLimitMs = 30_000
const commandLimitMs = 120_000

const folder = new ProgramFolder()
const steps = pages.flatMap((page) => stepsOf(page, markdownBlocks(readPage(page))))
for (const program of pages.flatMap((page) => programsOf(page, markdownBlocks(readPage(page))))) folder.add(program)
afterAll(() => folder.remove())

describe('the programs of the pages', () => {
  test('compile', { timeout: 60_000 }, () => {
    expect(folder.typeErrors()).toEqual([])
  })

  test.each(steps.filter(({ text }) => !notRun.has(text)).map((step) => [step.name, step] as const))(
    'run to their end: %s',
    { timeout: stepLimitMs },
    async (_, step) => {
      const printed = await folder.run(step, stepLimitMs - 1000)
      // A program says nothing beside what the page shows; of a command a page need not show all.
      if (step.kind === 'program' || step.output !== null) expect(printed).toBe(step.output ?? '')
    },
  )
})

test('the commands of the pages run', { timeout: commandLimitMs }, () => {
  const blocks = pages.flatMap((page) => markdownBlocks(readPage(page)))
  // A block that begins with `hookline` runs whole, as a step of its page.
  const commands = blocks.filter(
    ({ language, marks, text }) =>
      language === 'sh' && !whileServing.has(`sh ${marks[0] ?? ''}`) && !text.startsWith('hookline '),
  )
  const runnable = commands.flatMap(({ text }) => text.split('\n')).filter((command) => !notRun.has(command))
  for (const command of new Set(runnable)) {
    const run = () => execFileSync('sh', ['-c', command], { cwd: root, timeout: commandLimitMs, stdio: 'pipe' })
    expect(run, command).not.toThrow()
  }
})

describe.each(pages)('%s', (page) => {
  const markdown = readPage(page)

  test('has no block that nobody checks', () => {
    const found = markdownBlocks(markdown).map(({ language, marks }) => [language, ...marks].join(' '))
    expect(found.filter((language) => !languages.has(language) && !whileServing.has(language))).toEqual([])
  })

  test('links only to what is there', () => {
    const links = [...markdown.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link]) => link!)
    expect(links.filter((link) => !leadsSomewhere(page, link))).toEqual([])
  })
})

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || headings(readPage(target)).some((heading) => anchorOf(heading) === anchor)
}

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
    .replaceAll(' ', '-')
}
