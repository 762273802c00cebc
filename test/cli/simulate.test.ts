import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { simulateSeeds } from '../../src/cli/simulate/simulate-seeds.ts'
import { simulate as runSeed } from '../../src/testing/simulation/simulate.ts'
import { recordLog, submitSteadily } from '../what-if/record-log.ts'
import { runHookline } from './run-program.ts'
import { createTestTerminal } from './test-terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookline-simulate-'))
const path = (name: string) => join(folder, name)
const log = ['--log', path('log.jsonl')]

beforeAll(async () => {
  const recorded = await recordLog(
    ({ atMs }) => ({ status: atMs >= 5000 && atMs < 30_000 ? 500 : 200, afterMs: 20 }),
    { retry: { jitter: 0 } },
    async (world) => submitSteadily(world, [world.register(), world.register()], 60, 500),
  )
  writeFileSync(path('log.jsonl'), recorded)
  writeFileSync(path('cut.jsonl'), recorded.slice(0, -20))
  const lines = recorded.split('\n')
  const end = lines.findIndex((line, index) => index >= 30 && line.includes('attempt.'))
  writeFileSync(path('damaged.jsonl'), [...lines.slice(0, 30), 'nonsense', ...lines.slice(30)].join('\n'))
  writeFileSync(path('gap.jsonl'), [...lines.slice(0, 30), lines[end], lines[end]].join('\n'))
  writeFileSync(path('recorded.json'), JSON.stringify({ retry: { jitter: 0 } }))
  writeFileSync(path('patient.json'), JSON.stringify({ retry: { jitter: 0, maxAttempts: 10 } }))
  writeFileSync(path('wrong.json'), JSON.stringify({ retry: { maxAttempt: 10 } }))
  writeFileSync(path('stranger.json'), JSON.stringify({ endpoints: { ep_9: {} } }))
  writeFileSync(path('crowd.json'), JSON.stringify({ endpoints: { ep_1: { concurrency: 9 } } }))
  writeFileSync(path('broken.json'), '{ "retry": ')
})

afterAll(() => rmSync(folder, { recursive: true }))

async function simulate(...args: string[]) {
  const terminal = createTestTerminal()
  const code = await runProgram(['simulate', ...args], terminal)
  return { code, printed: terminal.printed, noted: terminal.noted }
}

describe('hookline simulate --log', () => {
  test('shows what was recorded beside what would have been', async () => {
    const { code, printed, noted } = await simulate(
      ...[...log, '--policy', path('patient.json'), '--recorded-policy', path('recorded.json')],
      '--by-endpoint',
    )
    expect([code, noted]).toEqual([0, ''])
    expect(printed).toMatch(/^ +recorded +what-if +change$/m)
    expect(printed).toMatch(/^events +60 +60 +=$/m)
    expect(printed).toMatch(/^dead letters +2 +0 +-2 \(-100 %\)$/m)
    expect(printed).toMatch(/^lag worst +29 s +31 s +\+1\.9 s \(\+6\.6 %\)$/m)
    expect(printed).toMatch(/^ep_1 +30 +1 → 0 /m)
    expect(printed).toContain('Control: the same under the recorded policy comes out exactly as recorded.')
    expect(printed).toContain('Model: ')
  })

  test('without a policy shows the control run, and how far it is from the record', async () => {
    const { code, printed } = await simulate(...log)
    expect(code).toBe(0)
    expect(printed).toMatch(/^ +recorded +control +change$/m)
    expect(printed).toContain('Control: the same under the recorded policy differs from the record')
  })

  test('prints the same as JSON, with every endpoint', async () => {
    const args = [...log, '--policy', path('patient.json'), '--json']
    const { printed } = await simulate(...args)
    expect((await simulate(...args)).printed).toBe(printed)
    expect(JSON.parse(printed)).toMatchObject({
      seed: 1,
      problem: null,
      recorded: { events: 60, deadLettered: 2, endpoints: { ep_1: { events: 30 }, ep_2: { events: 30 } } },
      whatIf: { events: 60, deadLettered: 0, refused: 0 },
    })
  })

  test('reads the standard input', async () => {
    const [fromFile, fromInput] = await Promise.all([
      runHookline(['simulate', ...log]),
      runHookline(['simulate', '--log', '-'], readFileSync(path('log.jsonl'), 'utf8')),
    ])
    expect(fromInput).toEqual(fromFile)
    expect(fromInput.code).toBe(0)
  })

  test('uses what there is of a log that was cut short, and says so', async () => {
    const { code, printed, noted } = await simulate('--log', path('cut.jsonl'))
    expect(code).toBe(0)
    expect(noted).toMatch(/^warning: line \d+ of the log, its last, is cut short/)
    expect(printed).toContain('recorded')
  })

  test.each([
    ['is no record', 'damaged.jsonl', /^error: line 31 of the log is not JSON/],
    ['does not follow', 'gap.jsonl', /^error: line 31 of the log: record \d+ of event evt_\d+ does not follow/],
  ])('uses what came before a line that %s, names it, and ends with 1', async (_, file, message) => {
    const { code, printed, noted } = await simulate('--log', path(file))
    expect(code).toBe(1)
    expect(noted).toMatch(message)
    expect(printed).toMatch(/^events +\d+ /m)
  })
})

describe('hookline simulate called wrongly ends with 2 and says what is valid', () => {
  test.each<[string, string[], string]>([
    ['nothing', [], 'give --log FILE (a recorded log under another policy) or --seed NUMBER'],
    ['a policy and no log', ['--policy', path('patient.json')], '--log FILE says which recorded log'],
    ['many seeds for a log', [...log, '--seeds', '3'], '--seeds is for worlds drawn from seeds'],
    ['a log that is not there', ['--log', path('none.jsonl')], 'none.jsonl'],
    ['a policy that is not there', [...log, '--policy', path('none.json')], 'none.json cannot be read: ENOENT'],
    ['a policy that is no JSON', [...log, '--policy', path('broken.json')], 'broken.json is not JSON'],
    [
      'an option that there is not',
      [...log, '--policy', path('wrong.json')],
      'retry.maxAttempt is not an option; valid are max',
    ],
    [
      'an endpoint that the log has not',
      [...log, '--policy', path('stranger.json')],
      'no endpoint of the log; it has ep_1, ep_2',
    ],
    [
      'what does not fit an endpoint',
      [...log, '--recorded-policy', path('crowd.json')],
      'endpoints.ep_1.concurrency must be 1',
    ],
    ['a seed that is none', [...log, '--seed', '-1'], 'It must be a whole number, 0 or more'],
  ])('%s', async (_, args, message) => {
    const { code, printed, noted } = await simulate(...args)
    expect([code, printed]).toEqual([2, ''])
    expect(noted).toContain(message)
  })
})

describe('hookline simulate --seed', () => {
  test('simulates worlds and says that every promise was kept', async () => {
    const { code, printed } = await simulate('--seed', '1', '--seeds', '3')
    expect(code).toBe(0)
    expect(printed).toMatch(/^worlds +3, .* of virtual time$/m)
    expect(printed).toMatch(/^promises +all kept$/m)
  })

  test('prints the reports as JSON, the same for the same seed', async () => {
    const { printed } = await simulate('--seed', '5', '--json')
    expect((await simulate('--seed', '5', '--json')).printed).toBe(printed)
    const reports: unknown = JSON.parse(printed)
    expect(reports).toMatchObject([{ seed: 5, ok: true, violations: [] }])
    expect(printed).not.toContain('"log"')
  })

  test('ends with 1 and names the seed when a promise was broken', async () => {
    const terminal = createTestTerminal()
    const violations = Array.from({ length: 7 }, () => ({ rule: 'nothing is lost', message: 'evt_1 is \x1b[2Jlost' }))
    const run: typeof runSeed = async (options) =>
      options.seed === 8 ? { ...(await runSeed(options)), ok: false, violations } : runSeed(options)
    expect(await simulateSeeds(terminal, { from: 7, count: 2, json: false }, run)).toBe(1)
    expect(terminal.printed).toContain('seed 8 broke a promise:\n  nothing is lost: evt_1 is \\x1b[2Jlost\n')
    expect(terminal.printed).toContain('  and 2 more')
    expect(terminal.printed).toMatch(/^promises +broken by seed 8$/m)
  })

  test('refuses no worlds at all', async () => {
    expect(await simulate('--seeds', '0')).toMatchObject({ code: 2 })
  })
})
