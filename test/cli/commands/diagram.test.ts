import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runProgram } from '../../../src/cli/program.ts'
import { diagramFormats, diagramNames, drawDiagram } from '../../../src/diagram/draw-diagram.ts'
import { createTestTerminal } from '../test-terminal.ts'

test.each(diagramNames.flatMap((name) => diagramFormats.map((format) => [name, format] as const)))(
  'prints %s as %s',
  async (name, format) => {
    const terminal = createTestTerminal()
    expect(await runProgram(['diagram', name, '--format', format], terminal)).toBe(0)
    expect([terminal.printed, terminal.noted]).toEqual([drawDiagram(name, format), ''])
  },
)

test('draws for a terminal unless told otherwise', async () => {
  const terminal = createTestTerminal()
  await runProgram(['diagram', 'breaker'], terminal)
  expect(terminal.printed).toBe(drawDiagram('breaker', 'ascii'))
})

describe('to a file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hookline-diagram-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each([
    ['b.svg', 'svg'],
    ['b.SVG', 'svg'],
    ['b.dot', 'dot'],
    ['b.gv', 'dot'],
    ['b.mmd', 'mermaid'],
    ['b.mermaid', 'mermaid'],
    ['b.txt', 'ascii'],
    ['b', 'ascii'],
  ] as const)('takes the format from the ending: %s', async (file, format) => {
    const terminal = createTestTerminal()
    const out = join(folder, file)
    expect(await runProgram(['diagram', 'breaker', '--out', out], terminal)).toBe(0)
    expect(await readFile(out, 'utf8')).toBe(`${drawDiagram('breaker', format)}\n`)
    expect(terminal.printed).toBe('')
  })

  test('takes the format that is asked for, whatever the ending', async () => {
    const out = join(folder, 'c.svg')
    await runProgram(['diagram', 'breaker', '--out', out, '--format', 'dot'], createTestTerminal())
    expect(await readFile(out, 'utf8')).toBe(`${drawDiagram('breaker', 'dot')}\n`)
  })

  test('ends with 2 and names the file when its folder is not there', async () => {
    const terminal = createTestTerminal()
    const out = join(folder, 'no', 'b.svg')
    expect(await runProgram(['diagram', 'breaker', '--out', out], terminal)).toBe(2)
    expect(terminal.noted).toContain(out)
  })
})

test.each([
  [['diagram'], 'statechart'],
  [['diagram', 'lane'], 'delivery, sequencer, breaker, endpoint'],
  [['diagram', 'breaker', '--format', 'png'], 'ascii, mermaid, dot, svg'],
])('ends with 2, and says what is valid: %j', async (args, valid) => {
  const terminal = createTestTerminal()
  expect(await runProgram(args, terminal)).toBe(2)
  expect(terminal.noted).toContain(valid)
  expect(terminal.printed).toBe('')
})
