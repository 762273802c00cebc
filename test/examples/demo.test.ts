import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { importJsonl, replay } from '../../src/index.ts'
import { runScript } from './run-script.ts'

const demo = 'examples/demo.ts'
const folders: string[] = []

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

it('shows its options', async () => {
  expect(await (await runScript(demo, '--help')).ended).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('--seed N'),
  })
})

it('ends with 2 and a reason when it is called wrongly', async () => {
  const { code, stdout, stderr } = await (await runScript(demo, '--fast')).ended
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain("'--fast'")
  expect(stderr).toContain('--help shows the options')
})

it('ends with 2 before anything is sent when the log cannot be written', async () => {
  const { code, stdout, stderr } = await (await runScript(demo, '--log', join(tmpdir(), 'no-such-folder', 'log'))).ended
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('cannot write the log')
})

it('shuts down on Ctrl-C and leaves a log that replays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-demo-'))
  folders.push(folder)
  const log = join(folder, 'log.jsonl')
  const running = await runScript(demo, '--seed', '1', '--log', log)
  await running.line(/in flight/)
  running.process.kill('SIGINT')
  const { code, stdout, stderr } = await running.ended
  expect({ code, stderr }).toEqual({ code: 130, stderr: '' })
  expect(stdout).toContain('Interrupted')
  const { events } = replay(importJsonl((await readFile(log, 'utf8')).split('\n')))
  expect(events.size).toBe(288)
  for (const { status } of events.values()) expect(status).not.toBe('delivering')
})
