import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { exported, writeLogFile } from '../support/log-files.ts'
import { startEngine } from '../support/start-engine.ts'
import { createTestTerminal } from './test-terminal.ts'
import type { TestTerminal } from './test-terminal.ts'
import { runHookline, runInto, startHookline } from './run-program.ts'

const golden = fileURLToPath(new URL('../golden/delivery@1/retried-then-delivered.jsonl', import.meta.url))
const content = readFileSync(golden, 'utf8')
let terminal: TestTerminal

beforeEach(() => {
  terminal = createTestTerminal()
})

const replay = (...args: string[]) => runProgram(['replay', ...args], terminal)

describe('as a process of its own', () => {
  test('shows what a log holds, and ends with 0', async () => {
    const { code, stdout, stderr } = await runHookline(['replay', golden])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('verified      every record follows from those before it')
  })

  test('reads the standard input', async () => {
    const [fromFile, fromInput] = await Promise.all([
      runHookline(['replay', golden]),
      runHookline(['replay', '-'], content),
    ])
    expect(fromInput).toEqual(fromFile)
  })

  test.skipIf(process.platform === 'win32')('reads a pipe that has a name, and looks into it', async () => {
    const pipe = writeLogFile('')
    rmSync(pipe)
    execFileSync('mkfifo', [pipe])
    const [fromFile, fromPipe] = await Promise.all([
      runHookline(['replay', golden, '--event', 'evt_1']),
      runHookline(['replay', pipe, '--event', 'evt_1']),
      writeFile(pipe, content),
    ])
    expect(fromPipe).toEqual(fromFile)
  })

  test.skipIf(!existsSync('/dev/full'))('ends with 1 when its output cannot be written', () => {
    const { status, stderr } = runInto('/dev/full', ['replay', golden])
    expect(stderr).toContain('the standard output cannot be written')
    expect(status).toBe(1)
  })

  test('ends as it would have when nobody reads its errors', async () => {
    const child = startHookline(['replay', `${golden}.missing`])
    child.stderr.destroy()
    expect(await once(child, 'exit')).toEqual([2, null])
  })

  test('ends with 1 for a log that does not follow, and with 2 for a call that is wrong', async () => {
    const damaged = writeLogFile(content.slice(content.indexOf('\n') + 1))
    const [failed, noFile, noFolder, noCommand] = await Promise.all([
      runHookline(['replay', damaged]),
      runHookline(['replay', `${golden}.missing`]),
      runHookline(['replay', `${golden}/missing`]),
      runHookline(['replay']),
    ])
    expect(failed.code).toBe(1)
    expect(failed.stderr).toMatch(
      /^error: line \d+ of the log: record \d+ of event evt_1 does not follow: .*the event is new/,
    )
    expect(noFile.code).toBe(2)
    expect(noFile.stderr).toContain('no such file')
    expect(noFolder.code).toBe(2)
    expect(noCommand.code).toBe(2)
    expect(noCommand.stderr).toContain("missing required argument 'file'")
  })
})

describe('a damaged log', () => {
  test('with a last line cut short: a warning, the rest is used, exit code 0', async () => {
    const cut = writeLogFile(content.slice(0, -20))
    expect(await replay(cut)).toBe(0)
    expect(terminal.noted).toMatch(/^warning: line 14 of the log, its last, is cut short/)
    expect(terminal.printed).toContain('records       13, seq 1 to 13')
  })

  test('with a line that is no record: named by its number, what came before is used, exit code 1', async () => {
    const lines = content.split('\n')
    lines[4] = 'no record'
    expect(await replay(writeLogFile(lines.join('\n')))).toBe(1)
    expect(terminal.noted).toMatch(/^error: line 5 of the log is not JSON/)
    expect(terminal.printed).toContain('records       4, seq 1 to 4')
    expect(terminal.printed).toContain('verified      NOT: see the error')
  })

  test('says the same in JSON', async () => {
    expect(await replay(writeLogFile(`${content}no record\n`), '--json')).toBe(1)
    expect(JSON.parse(terminal.printed)).toMatchObject({
      summary: { records: 14 },
      problem: { kind: 'malformed', line: 15 },
    })
  })
})

test('tells what happened to one event', async () => {
  expect(await replay(golden, '--event', 'evt_1')).toBe(0)
  expect(terminal.printed.split('\n').slice(0, 5)).toEqual([
    expect.stringMatching(/^evt_1 \(\S+\) to ep_1, number 1 of its line: delivered$/),
    '',
    expect.stringMatching(/^seq +at +after +state +because$/),
    expect.stringMatching(/^1 +2025-01-01T00:00:00.000Z +pending +submitted, number 1 of its line/),
    expect.stringMatching(/^\d+ +2025-01-01T00:00:00.000Z +\+0 ms +delivering +attempt 1 started$/),
  ])
})

test('tells of an event no more than had happened', async () => {
  expect(await replay(golden, '--event', 'evt_1', '--until', '1', '--json')).toBe(0)
  expect(JSON.parse(terminal.printed)).toMatchObject({ event: { status: 'pending' }, records: [{ seq: 1 }] })
})

test('shows an endpoint: its state, who waits in its line, its own records', async () => {
  const { service, register, clock, transport } = startEngine()
  transport.respond(() => 500)
  const endpointId = register({ breaker: { failures: 1, cooldownMs: 60_000 } })
  for (let n = 1; n <= 7; n += 1) service.submitEvent(endpointId, 'order.paid', { n })
  await clock.advance(0)
  service.pauseEndpoint(endpointId)
  expect(await replay(writeLogFile(exported(service)), '--endpoint', endpointId)).toBe(0)
  expect(terminal.printed.split('\n')).toEqual([
    'ep_1: paused, breaker open until 2025-01-01T00:01:00.000Z; events: 6 pending, 1 backoff',
    'line: 7 waiting: evt_1 (backoff, attempts: 1), evt_2 (pending), evt_3 (pending), evt_4 (pending), evt_5 (pending), … 2 more',
    '',
    expect.stringMatching(/^seq/),
    expect.stringMatching(/open +threshold.reached: 1 failures in a row, open until 2025-01-01T00:01:00.000Z$/),
    expect.stringMatching(/paused +endpoint.paused$/),
  ])
})

test.each([
  [['--event', 'evt_99'], 1, 'no event has the id "evt_99" (string) in this log so far'],
  [['--endpoint', 'ep_99'], 1, 'no endpoint has the id "ep_99" (string) in this log so far'],
  [['--event', 'evt_1', '--endpoint', 'ep_1'], 2, '--event and --endpoint: give one of them, or neither'],
  [['--until', 'yesterday'], 2, "--until must be a record's number such as 1200, or a time"],
])('ends %j with %i and says why', async (args, code, message) => {
  expect(await replay(golden, ...args)).toBe(code)
  expect(terminal.noted).toContain(message)
  expect(terminal.printed).toBe('')
})

const hostile = '\u001B]0;gotcha\u0007\u009B2J\u202Eevil\r\n'

/** Everything that a terminal obeys, and that is no line end of the program's own. */
const obeyed = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

test.each([
  ['the summary', ['replay']],
  ['an event', ['replay', '--event', 'evt_1']],
  ['an event as JSON', ['replay', '--event', 'evt_1', '--json']],
  ['an endpoint', ['replay', '--endpoint', 'ep_1']],
  ['an explanation', ['explain', 'evt_1']],
  ['an explanation as JSON', ['explain', 'evt_1', '--json']],
])('sends nothing of a log to the terminal that it would obey: %s', async (_, [command, ...args]) => {
  const text = JSON.stringify(hostile).slice(1, -1)
  const lines = content.replaceAll(/"(message|snippet|eventType|body)":("([^"\\]|\\.)*"|null)/g, `"$1":"${text}"`)
  const file = writeLogFile(lines.replaceAll('"orderingKey":null', `"orderingKey":"${text}"`))
  const [first, ...more] = command === 'explain' ? args : []
  const called = command === 'explain' ? ['explain', file, first!, ...more] : ['replay', file, ...args]
  expect(await runProgram(called, terminal)).toBe(0)
  expect(terminal.printed).not.toMatch(obeyed)
  expect(terminal.noted).toBe('')
})

test('hostile text comes out of the JSON as it was', async () => {
  const text = JSON.stringify(hostile).slice(1, -1)
  const file = writeLogFile(content.replaceAll(/"snippet":("([^"\\]|\\.)*"|null)/g, `"snippet":"${text}"`))
  expect(await replay(file, '--event', 'evt_1', '--json')).toBe(0)
  const { records } = JSON.parse(terminal.printed) as { records: { event: { snippet?: string } }[] }
  expect(records.flatMap(({ event }) => event.snippet ?? [])).toContain(hostile)
})
