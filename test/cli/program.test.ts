import { expect, test } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { version } from '../../src/version.ts'
import { createTestTerminal } from './test-terminal.ts'

test('shows its commands when asked for help, and ends with 0', async () => {
  const terminal = createTestTerminal()
  expect(await runProgram(['--help'], terminal)).toBe(0)
  expect(terminal.printed).toContain('Usage: hookline')
  expect(terminal.printed).toContain('hookline inspect log.jsonl --open')
  expect(terminal.printed).toContain('Exit code: 0 it did what it was asked, 1 it failed, 2 it was called wrongly.')
})

test('shows its version', async () => {
  const terminal = createTestTerminal()
  expect(await runProgram(['--version'], terminal)).toBe(0)
  expect(terminal.printed).toBe(version)
})

test('ends with 2 for a command that there is not, and says how to see those there are', async () => {
  const terminal = createTestTerminal()
  expect(await runProgram(['sing'], terminal)).toBe(2)
  expect(terminal.noted).toContain('hookline --help')
  expect(terminal.printed).toBe('')
})
