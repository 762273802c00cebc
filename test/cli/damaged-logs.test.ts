import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { writeLogFile } from '../support/log-files.ts'
import { createTestTerminal } from './test-terminal.ts'

const folder = new URL('../golden/delivery@1/', import.meta.url)
const logs = readdirSync(folder)
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n'))

const anyValue = fc.constantFrom(
  '\u001B[2J\u202Eboo',
  '',
  '2025-13-99T99:99Z',
  -1,
  1e300,
  0.5,
  null,
  true,
  [],
  {},
  'gone',
)

/** Changes one field of a record, or of its event, or of its event's failure. */
function damage(line: string, choice: number, value: unknown): string {
  const record = JSON.parse(line) as Record<string, unknown>
  const places: [Record<string, unknown>, string][] = []
  const collect = (object: Record<string, unknown>): void => {
    for (const [name, held] of Object.entries(object)) {
      places.push([object, name])
      if (typeof held === 'object' && held !== null) collect(held as Record<string, unknown>)
    }
  }
  collect(record)
  const [object, name] = places[choice % places.length]!
  object[name] = value
  return JSON.stringify(record)
}

const anyDamagedLog = fc
  .record({
    log: fc.constantFrom(...logs),
    damages: fc.array(fc.record({ line: fc.nat(), choice: fc.nat(), value: anyValue }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ log, damages }) => {
    const lines = [...log]
    for (const { line, choice, value } of damages) {
      const at = line % lines.length
      lines[at] = damage(lines[at]!, choice, value)
    }
    return lines.join('\n')
  })

const calls = [
  (file: string) => ['replay', file],
  (file: string) => ['replay', file, '--json'],
  (file: string) => ['replay', file, '--event', 'evt_1'],
  (file: string) => ['replay', file, '--event', 'evt_1', '--json'],
  (file: string) => ['replay', file, '--endpoint', 'ep_1'],
  (file: string) => ['explain', file, 'evt_1'],
  (file: string) => ['explain', file, 'evt_2', '--until', '5'],
  (file: string) => ['explain', file, 'evt_2', '--json'],
]

test('whatever a log holds, every command comes to an end that it explains, and sends the terminal no commands', async () => {
  const check = fc.asyncProperty(anyDamagedLog, fc.constantFrom(...calls), async (content, call) => {
    const terminal = createTestTerminal()
    const code = await runProgram(call(writeLogFile(content)), terminal)
    expect([0, 1]).toContain(code)
    expect(terminal.noted).not.toContain('    at ') // a stack: the program itself failed
    expect(terminal.printed + terminal.noted).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    if (code === 1) expect(terminal.noted).not.toBe('')
  })
  await fc.assert(check, { numRuns: 600 })
}, 60_000)
