import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runHookline, startHookline } from '../run-program.ts'
import { startService } from './running-service.ts'
import type { RunningService } from './running-service.ts'

const limitMs = 30_000

let folder = ''
const running: RunningService[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-serve-'))
})
afterEach(async () => {
  for (const service of running.splice(0)) {
    service.process.kill('SIGKILL')
    await service.ended
  }
  rmSync(folder, { recursive: true, force: true })
})

async function start(args: readonly string[] = []): Promise<RunningService> {
  const service = await startService(folder, args)
  running.push(service)
  return service
}

describe('hookline serve', { timeout: limitMs }, () => {
  test('says in one line where it listens, what it keeps and what is missing, and answers from then on', async () => {
    const service = await start()
    expect(service.lines).toHaveLength(1)
    expect(JSON.parse(service.lines[0]!)).toMatchObject({
      level: 'info',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      store: `${folder}/hookline.db`,
      msg: expect.stringContaining('there is no API key: everyone on this machine may do everything'),
    })
    expect((await service.ask('GET', '/api/v1/version')).status).toBe(200)
    expect(service.errors()).toBe('')
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 at %s, and goes on with the same file', async (signal) => {
    const service = await start()
    service.process.kill(signal)
    expect(await service.ended).toBe(0)
    expect(service.lines.join('\n')).toContain(`"signal":"${signal}"`)
    const again = await start()
    expect(again.errors()).toBe('')
  })

  test('writes for people with --pretty', async () => {
    const child = startHookline(['serve', '--store', join(folder, 'hookline.db'), '--port', '0', '--pretty'])
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    expect(line).toMatch(/^\[[\d:.]+\] INFO: hookline \S+ listens on http:/)
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
  })

  test.each([
    [['--host', '0.0.0.0'], 2, '--host: host is "0.0.0.0", which other machines can reach, and there is no API key'],
    [['--port', 'x', '--concurrency', '0'], 2, 'the configuration has 2 problems:'],
    [['--store', '/nowhere/at/all.db'], 1, 'the log "/nowhere/at/all.db" cannot be opened'],
    [['--config', 'not-there.yaml'], 2, '"not-there.yaml" cannot be read (ENOENT)'],
    [['--alerts-secret', 'x'], 2, "unknown option '--alerts-secret'"],
  ])('does not begin with %j', async (args, code, said) => {
    const run = await runHookline(['serve', '--port', '0', '--store', join(folder, 'hookline.db'), ...args])
    expect(run).toMatchObject({ code, stdout: '' })
    expect(run.stderr).toContain(said)
  })

  test('does not begin, and opens nothing, where something listens already', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const run = await runHookline(['serve', '--port', String(port), '--store', join(folder, 'hookline.db')])
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(run.stderr).toBe(
      `hookline: nothing can listen on 127.0.0.1 port ${port}: something does already; see host and port\n`,
    )
    await new Promise((resolve) => taken.close(resolve))
  })
})

describe('hookline config', { timeout: limitMs }, () => {
  test('shows what is in force and whence, without secrets, to people and to programs', async () => {
    const file = join(folder, 'mine.yaml')
    writeFileSync(file, 'concurrency: 7\nalerts: { url: "https://ops.example/hush", secret: hush }\n')
    const shown = await runHookline(['config', '--config', file, '--port', '9'])
    expect(shown).toMatchObject({ code: 0, stderr: '' })
    expect(shown.stdout).toMatch(/^concurrency +7 +\S+mine\.yaml:1$/m)
    expect(shown.stdout).toMatch(/^port +9 +--port$/m)
    expect(shown.stdout).toMatch(/^alerts\.secret +"\(hidden\)" /m)
    const { stdout } = await runHookline(['config', '--config', file, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      file,
      keys: expect.arrayContaining([{ key: 'concurrency', value: 7, from: `${file}:1` }]),
    })
    expect(shown.stdout + stdout).not.toContain('hush')
  })
})
