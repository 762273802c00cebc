import { createWebSocketReceiver } from '@statelyai/inspect'
import { expect, test } from 'vitest'
import { exitCode } from '../../../src/cli/exit-code.ts'
import { runProgram } from '../../../src/cli/program.ts'
import { exported, writeLogFile } from '../../support/log-files.ts'
import { startEngine } from '../../support/start-engine.ts'
import { createTestTerminal } from '../test-terminal.ts'

async function recordDelivery(): Promise<string> {
  const { service, register, quiet } = startEngine()
  service.submitEvent(register(), 'payment', 1)
  await quiet()
  return writeLogFile(exported(service))
}

test('inspect --stately plays the log to whoever watches at the address it prints', async () => {
  const terminal = createTestTerminal()
  const ended = runProgram(['inspect', await recordDelivery(), '--stately', '--speed', 'max'], terminal)
  await expect.poll(() => terminal.printed).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/stately$/)
  expect(terminal.noted).toContain('The viewer is at http://127.0.0.1:')
  const values: unknown[] = []
  const socket = createWebSocketReceiver({ server: `${terminal.printed.replace('http', 'ws')}/ws` })
  socket.subscribe((message) => {
    if (message.type === '@xstate.snapshot' && 'value' in message.snapshot) values.push(message.snapshot.value)
  })
  await expect.poll(() => values).toContain('delivered')
  terminal.interrupt()
  expect(await ended).toBe(exitCode.done)
})

test.each([
  [['--stately', '--speed', '0'], '--speed must be a number from 0.01 to 100000, or max, got "0"'],
  [['--stately', '--speed', 'fast'], '--speed must be a number'],
  [['--speed', '10'], '--speed is of no use without --stately'],
])('inspect %j is called wrongly', async (args, message) => {
  const terminal = createTestTerminal()
  expect(await runProgram(['inspect', await recordDelivery(), ...args], terminal)).toBe(exitCode.misused)
  expect(terminal.noted).toContain(message)
})
