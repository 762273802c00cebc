import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { recordLog, submitSteadily } from '../what-if/record-log.ts'
import { createTestTerminal } from './test-terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookline-simulate-'))
const path = (name: string) => join(folder, name)

beforeAll(async () => {
  const log = await recordLog(
    ({ atMs }) => ({ status: atMs >= 5000 && atMs < 30_000 ? 500 : 200, afterMs: 20 }),
    { retry: { jitter: 0 } },
    async (world) => submitSteadily(world, [world.register(), world.register()], 60, 500),
  )
  writeFileSync(path('log.jsonl'), log)
  writeFileSync(path('cut.jsonl'), log.slice(0, -20))
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
      ...['--log', path('log.jsonl'), '--policy', path('patient.json'), '--recorded-policy', path('recorded.json')],
      '--by-endpoint',
    )
    expect([code, noted]).toEqual([0, ''])
    expect(printed).toMatch(/^ +recorded +what-if +change$/m)
    expect(printed).toMatch(/^events +60 +60 +=$/m)
    expect(printed).toMatch(/^dead letters +2 +0 +-2 \(-100 %\)$/m)
    expect(printed).toMatch(/^lag worst +29\.2 s +31\.1 s +\+1\.9 s \(\+6\.6 %\)$/m)
    expect(printed).toMatch(/^ep_1 +30 +1 → 0 /m)
    expect(printed).toContain('Control: the same under the recorded policy comes out exactly as recorded.')
    expect(printed).toContain('Model: ')
  })

  test('without a policy shows the control run, and how far it is from the record', async () => {
    const { code, printed } = await simulate('--log', path('log.jsonl'))
    expect(code).toBe(0)
    expect(printed).toMatch(/^ +recorded +control +change$/m)
    expect(printed).toContain('Control: the same under the recorded policy differs from the record')
  })

  test('prints the same as JSON, with every endpoint', async () => {
    const args = ['--log', path('log.jsonl'), '--policy', path('patient.json'), '--json']
    const { printed } = await simulate(...args)
    expect((await simulate(...args)).printed).toBe(printed)
    expect(JSON.parse(printed)).toMatchObject({
      seed: 1,
      problem: null,
      recorded: { events: 60, deadLettered: 2, endpoints: { ep_1: { events: 30 }, ep_2: { events: 30 } } },
      whatIf: { events: 60, deadLettered: 0, refused: 0 },
    })
  })

  test('uses what there is of a log that was cut short, and says so', async () => {
    const { code, printed, noted } = await simulate('--log', path('cut.jsonl'))
    expect(code).toBe(0)
    expect(noted).toMatch(/^hookline: line \d+ of the log, its last, is cut short/)
    expect(printed).toContain('recorded')
  })
})

describe('hookline simulate called wrongly ends with 2 and says what is valid', () => {
  test.each<[string, string[], string]>([
    ['no log', [], '--log FILE says which recorded log'],
    ['a log that is not there', ['--log', path('none.jsonl')], 'none.jsonl'],
    ['a policy that is not there', ['--policy', path('none.json')], 'none.json cannot be read: ENOENT'],
    ['a policy that is no JSON', ['--policy', path('broken.json')], 'broken.json is not JSON'],
    [
      'an option that there is not',
      ['--policy', path('wrong.json')],
      'retry.maxAttempt is not an option; valid are max',
    ],
    [
      'an endpoint that the log has not',
      ['--policy', path('stranger.json')],
      'no endpoint of the log; it has ep_1, ep_2',
    ],
    [
      'what does not fit an endpoint',
      ['--recorded-policy', path('crowd.json')],
      'endpoints.ep_1.concurrency must be 1',
    ],
    ['a seed that is none', ['--seed', '-1'], 'A seed is a whole number from 0 to 4294967295'],
  ])('%s', async (_, args, message) => {
    const log = args.length === 0 || args.includes('--log') ? [] : ['--log', path('log.jsonl')]
    const { code, printed, noted } = await simulate(...log, ...args)
    expect([code, printed]).toEqual([2, ''])
    expect(noted).toContain(message)
  })
})
