import { expect, it, test } from 'vitest'
import { parseDemoCommand } from '../../../examples/demo/command-line.ts'

it('leaves seed and log to the demo when they are not given', () => {
  expect(parseDemoCommand([])).toEqual({ kind: 'run' })
})

it('reads seed and log', () => {
  const command = { kind: 'run', seed: 4294967295, logFile: 'a.jsonl' }
  expect(parseDemoCommand(['--seed', '4294967295', '--log=a.jsonl'])).toEqual(command)
})

it('shows help rather than run', () => {
  expect(parseDemoCommand(['--seed', '1', '--help'])).toEqual({ kind: 'help' })
})

test.each([
  [['--sed', '1'], '--sed'],
  [['now'], 'now'],
  [['--seed'], '--seed'],
  [['--seed', '4294967296'], "from 0 to 4294967295, got '4294967296'"],
  [['--seed', '1e3'], "got '1e3'"],
  [['--log', ''], '--log must name a file'],
])('refuses %j', (args, reason) => {
  expect(parseDemoCommand(args)).toEqual({ kind: 'misuse', message: expect.stringContaining(reason) })
})
