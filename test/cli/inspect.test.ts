import { exportJsonl } from '../../src/index.ts'
import { expect, test } from 'vitest'
import { sampleRun } from '../../scripts/sample-run.ts'
import { runProgram } from '../../src/cli/program.ts'
import { writeLogFile } from '../inspect/browser/log-file.ts'
import { rawRequest } from '../inspect/server/raw-request.ts'
import { createTestTerminal } from './test-terminal.ts'

test('serves the viewer of a log until it is interrupted', async () => {
  const { service } = await sampleRun()
  const file = writeLogFile(exportJsonl(service.log))
  const terminal = createTestTerminal()
  const ended = runProgram(['inspect', file.path], terminal)
  await expect.poll(() => terminal.printed).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  const port = Number(new URL(terminal.printed).port)
  expect((await rawRequest(port, {})).body).toContain('viewer.js')
  terminal.interrupt()
  expect(await ended).toBe(0)
  await expect(rawRequest(port, {})).rejects.toThrow('ECONNREFUSED')
  file.remove()
  await service.shutdown({ timeoutMs: 0 })
})

test.each([
  ['a file that is not there', ['inspect', '/nowhere/log.jsonl'], 'ENOENT'],
  ['a port that is none', ['inspect', 'log.jsonl', '--port', '70000'], '--port must be a whole number'],
  ['no file', ['inspect'], 'missing required argument'],
])('ends with 2 for %s', async (_, args, message) => {
  const terminal = createTestTerminal()
  expect(await runProgram(args, terminal)).toBe(2)
  expect(terminal.noted).toContain(message)
})
